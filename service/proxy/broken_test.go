package proxy_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestProxy_BrokenResponse tests that a response which stalls or breaks off is logged and counted once, judged or not.
func TestProxy_BrokenResponse(t *testing.T) {
	upstream := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		setContentType(w, r.URL.Query().Get("type"))
		_, _ = io.WriteString(w, `{"order_ids":["CS`)
		_ = http.NewResponseController(w).Flush()
		if r.URL.Path == "/stalls" {
			<-r.Context().Done()
		}
		panic(http.ErrAbortHandler)
	})
	for target, cause := range map[string]string{
		"/breaks?type=application/json": "unexpected EOF", "/breaks?type=text/csv": "unexpected EOF", "/breaks?type=text/event-stream": "unexpected EOF",
		"/stalls?type=application/json": "upstream sent nothing more", "/stalls?type=text/csv": "upstream sent nothing more",
	} {
		var text lockedBuffer
		c := raising(upstream.URL)
		c.UpstreamReadTimeout = 300 * time.Millisecond
		p := startWithLog(t, c, slog.New(slog.NewTextHandler(&text, nil)))
		r := do(t, p.Addr(), http.MethodPost, target, nil)
		if path, _, _ := strings.Cut(target, "?"); r.err == nil || strings.Count(text.String(), "level=WARN") != 1 {
			t.Errorf("%s: %v, %s", target, r.err, text.String())
		} else {
			contains(t, []byte(text.String()), `msg="response broken off" method=POST path=`+path+` http_status=200 reason=UPSTREAM_RESPONSE_BROKEN error="`+cause)
		}
		contains(t, get(t, p.AdminAddr(), "/metrics").body, `cbcerr_proxy_upstream_errors_total{reason="UPSTREAM_RESPONSE_BROKEN"} 1`+"\n")
	}
}

// TestProxy_AbortedResponse tests that a client which goes is no broken response.
func TestProxy_AbortedResponse(t *testing.T) {
	for _, contentType := range []string{"application/json", "text/csv"} {
		begun, ended := make(chan struct{}), make(chan struct{})
		upstream := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
			defer close(ended)
			setContentType(w, contentType)
			_, _ = io.WriteString(w, "part")
			_ = http.NewResponseController(w).Flush()
			close(begun)
			<-r.Context().Done()
		})
		var text lockedBuffer
		p := startWithLog(t, config(upstream.URL), slog.New(slog.NewTextHandler(&text, nil)))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Second, cancel)
		go func() {
			<-begun
			time.Sleep(100 * time.Millisecond) // the proxy reads
			cancel()
		}()
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.Addr()+"/", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if response, err := client.Do(request); err == nil {
			_, _ = io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
		<-ended
		if err := p.stop(); err != nil || strings.Contains(text.String(), "level=WARN") {
			t.Errorf("%s: %v, %s", contentType, err, text.String())
		}
	}
}
