package proxy_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestProxy_LargeSuccess tests that 100 MB of a success pass in order with at most 10 MiB more memory. The heap counts what
// client, proxy and upstream hold.
func TestProxy_LargeSuccess(t *testing.T) {
	const size = 100_000_000
	block := []byte(strings.Repeat("0123456789", 1000))
	upstream := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		if r.URL.Query().Has("length") {
			w.Header().Set("Content-Length", strconv.Itoa(size))
		}
		for range size / len(block) {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	})
	p := start(t, config(upstream.URL))
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	before, peak := heap(), uint64(0)
	for _, query := range []string{"?type=application/json", "?type=application/json&length", "?type=application/octet-stream"} {
		body := open(t, p.Addr(), "/"+query)
		buffer := make([]byte, len(block))
		for n := 0; n < size; n += len(block) {
			if _, err := io.ReadFull(body, buffer); err != nil || !bytes.Equal(buffer, block) {
				t.Fatalf("%s: after %d bytes: %v", query, n, err)
			}
			if n%(10*len(block)) == 0 {
				peak = max(peak, heap())
			}
		}
		if n, err := body.Read(buffer); n != 0 || !errors.Is(err, io.EOF) {
			t.Errorf("%s: %d more bytes, %v", query, n, err)
		}
	}
	if more := int64(peak) - int64(before); more > 10<<20 {
		t.Errorf("%d KiB more memory, want at most 10 MiB", more>>10)
	}
}

// heap returns the bytes of objects on the heap, those that are not collected yet included.
func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// open sends a request, and returns the body of the response, which the test reads.
func open(t *testing.T, address, path string) io.Reader {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response.Body
}

// TestProxy_Events tests that each event arrives before upstream sends the next one, errors included.
func TestProxy_Events(t *testing.T) {
	next := make(chan string)
	upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		for event := range next {
			_, _ = io.WriteString(w, event)
			_ = http.NewResponseController(w).Flush()
		}
	})
	p := start(t, raising(upstream.URL))
	go func() { next <- "data: 0\n" }()
	events := bufio.NewReader(open(t, p.Addr(), "/"))
	for i := range 20 {
		if line, err := events.ReadString('\n'); err != nil || line != "data: "+strconv.Itoa(i)+"\n" {
			t.Fatalf("event %d: %q, %v", i, line, err)
		}
		next <- "data: " + strconv.Itoa(i+1) + "\n"
	}
	close(next)
}

// TestProxy_Trailers tests that trailers pass, also behind a body that was judged.
func TestProxy_Trailers(t *testing.T) {
	upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		_, _ = io.WriteString(w, busy)
		w.Header().Set("X-Sum", "7")
	})
	r := get(t, start(t, config(upstream.URL)).Addr(), "/")
	if r.err != nil || string(r.body) != busy || r.trailer.Get("X-Sum") != "7" {
		t.Errorf("%q, %v, %v", r.body, r.trailer, r.err)
	}
}

// TestProxy_OwnTrailers tests that the names which clients trust do not come from trailers of upstream, announced or not.
func TestProxy_OwnTrailers(t *testing.T) {
	for _, announced := range []bool{true, false} {
		for _, contentType := range []string{"application/json", "application/octet-stream"} {
			upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", contentType)
				w.Header().Set("Trailer", "X-Sum")
				prefix := http.TrailerPrefix
				if announced {
					w.Header().Add("Trailer", "Cbcerr-Reason")
					prefix = ""
				}
				_, _ = io.WriteString(w, `{"order_id":"CS1"}`)
				_ = http.NewResponseController(w).Flush()
				w.Header().Set(prefix+"Cbcerr-Reason", "FORGED")
				w.Header().Set("X-Sum", "7")
			})
			r := get(t, start(t, config(upstream.URL)).Addr(), "/")
			if _, forged := r.trailer["Cbcerr-Reason"]; r.err != nil || forged || r.trailer.Get("X-Sum") != "7" {
				t.Errorf("announced %t, %s: %v, %v", announced, contentType, r.trailer, r.err)
			}
		}
	}
}

// TestProxy_ClientAborts tests that upstream's request ends when the client goes, before and within the response.
func TestProxy_ClientAborts(t *testing.T) {
	for _, path := range []string{"/silent", "/stream"} {
		started, ended := make(chan struct{}), make(chan struct{})
		upstream := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
			defer close(ended)
			if r.URL.Path == "/stream" {
				w.Header().Set("Content-Type", "text/event-stream")
				_ = http.NewResponseController(w).Flush()
			}
			close(started)
			<-r.Context().Done()
		})
		p := start(t, config(upstream.URL))
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			if <-started; path == "/silent" {
				cancel()
			}
		}()
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.Addr()+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Do(request)
		if inResponse := err == nil; inResponse != (path == "/stream") {
			t.Errorf("%s: the response has begun: %v, %v", path, inResponse, err)
		}
		cancel()
		if err == nil {
			if _, err := io.ReadAll(response.Body); err == nil {
				t.Errorf("%s: the response ended without an error", path)
			}
			response.Body.Close()
		}
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			t.Errorf("%s: upstream still serves", path)
		}
	}
}

// TestProxy_UpstreamBreaksOff tests that a client sees all of a cut response and that it is cut, and that a cut success is not
// judged.
func TestProxy_UpstreamBreaksOff(t *testing.T) {
	const cut = `{"error_code":"CBC.3144","error_msg":"bu`
	for _, k := range []struct {
		name, reason string
		status       int
		length       string
		body         string
	}{
		{"chunked success", "", 200, "", cut},
		{"chunked error", "RESOURCE_ORDER_IN_PROGRESS", 500, "", cut},
		{"success with a length", "", 200, "200", cut},
		{"error with a length", "RESOURCE_ORDER_IN_PROGRESS", 500, "200", cut},
		{"success without a body", "", 200, "200", ""},
	} {
		upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
			if k.length != "" {
				w.Header().Set("Content-Length", k.length)
			}
			w.WriteHeader(k.status)
			_, _ = io.WriteString(w, k.body)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		})
		r := get(t, start(t, raising(upstream.URL)).Addr(), "/")
		if r.status != k.status || string(r.body) != k.body || r.err == nil || r.header.Get("cbcerr-reason") != k.reason {
			t.Errorf("%s: HTTP %d %q, %v, %v; want %d, the cut body and an error", k.name, r.status, r.body, r.header, r.err, k.status)
		}
	}
}
