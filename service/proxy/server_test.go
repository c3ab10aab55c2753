package proxy_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestServer_Drain stops the proxy under load. Each request that reaches upstream is answered in full. A client whose
// connection was never accepted sees that it was refused or reset.
func TestServer_Drain(t *testing.T) {
	const callers, enough = 16, 3000
	var handled, answered, lost atomic.Int64
	upstream := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		handled.Add(1)
		body, _ := io.ReadAll(r.Body)
		time.Sleep(time.Millisecond)
		_, _ = w.Write(body)
	})
	c := config(upstream.URL)
	c.DrainDelay = 50 * time.Millisecond
	p := start(t, c)
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for {
				err := echo(p.Addr(), &answered)
				if errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) {
					return
				}
				if err != nil && lost.Add(1) == 1 {
					t.Error(err)
				}
				if lost.Load() > 100 {
					return
				}
			}
		})
	}
	for answered.Load() < enough && lost.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	if err := p.stop(); err != nil {
		t.Error(err)
	}
	all.Wait()
	if lost.Load() > 0 || answered.Load() < enough || handled.Load() != answered.Load() {
		t.Errorf("%d requests lost; %d reached upstream, %d were answered", lost.Load(), handled.Load(), answered.Load())
	}
}

// echo sends a request that may not be repeated, and requires its body back.
func echo(address string, answered *atomic.Int64) error {
	const body = `{"order_ids":["CS1"]}`
	response, err := client.Post("http://"+address+"/", "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err == nil && (string(got) != body || response.StatusCode != http.StatusOK) {
		err = errors.New(response.Status + " " + string(got))
	}
	answered.Add(1)
	return err
}

// TestServer_DrainTimeout tests that a stream which outlasts the drain is cut off, with an error.
func TestServer_DrainTimeout(t *testing.T) {
	upstream := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	table, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	c := config(upstream.URL)
	c.DrainTimeout = 100 * time.Millisecond
	p := serve(t, c, table, slog.New(slog.DiscardHandler))
	body := open(t, p.Addr(), "/")
	if err := p.stop(); err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("%v, want that a request was cut off", err)
	}
	if _, err := io.ReadAll(body); err == nil {
		t.Error("the client sees a whole response")
	}
}

// TestServer_Probes tests readiness and health, before and during the drain.
func TestServer_Probes(t *testing.T) {
	c := config(newUpstream(t, func(http.ResponseWriter, *http.Request) {}).URL)
	c.DrainDelay = 2 * time.Second
	p := start(t, c)
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 200} {
		if r := get(t, p.AdminAddr(), path); r.status != want {
			t.Errorf("%s: HTTP %d, want %d", path, r.status, want)
		}
	}
	stopped := make(chan error, 1)
	go func() { stopped <- p.stop() }()
	for get(t, p.AdminAddr(), "/readyz").status != http.StatusServiceUnavailable {
		time.Sleep(time.Millisecond)
	}
	if r := get(t, p.AdminAddr(), "/healthz"); r.status != http.StatusOK {
		t.Errorf("/healthz while draining: HTTP %d", r.status)
	}
	if r := get(t, p.Addr(), "/"); r.status != http.StatusOK {
		t.Errorf("request in the drain delay: HTTP %d", r.status)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// TestServer_MaxConnections tests that further clients wait.
func TestServer_MaxConnections(t *testing.T) {
	release := make(chan struct{})
	upstream := newUpstream(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/wait" {
			<-release
		}
	})
	c := config(upstream.URL)
	c.MaxConnections = 1
	p := start(t, c)
	first := make(chan string, 1)
	const head = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
	go func() { first <- exchange(t, p.Addr(), "GET /wait"+head) }()
	for !strings.Contains(string(get(t, p.AdminAddr(), "/metrics").body), "cbcerr_proxy_requests_in_flight 1\n") {
		time.Sleep(time.Millisecond)
	}
	second := make(chan string, 1)
	go func() { second <- exchange(t, p.Addr(), "GET /"+head) }()
	select {
	case <-second:
		t.Error("a second connection was served")
	case <-time.After(100 * time.Millisecond):
	}
	close(release)
	for _, c := range []chan string{first, second} {
		if r := <-c; !strings.HasPrefix(r, "HTTP/1.1 200 OK") {
			t.Errorf("%q", r)
		}
	}
}

// TestServer_MetricsAndLog tests what operators see of three responses.
func TestServer_MetricsAndLog(t *testing.T) {
	upstream := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "q1")
		if r.URL.Path == "/file" {
			w.Header().Set("Content-Type", "text/csv")
		}
		_, _ = io.WriteString(w, map[string]string{"/ok": "{}", "/busy": busy, "/partial": partial}[r.URL.Path])
	})
	var text lockedBuffer
	p := startWithLog(t, raising(upstream.URL), slog.New(slog.NewTextHandler(&text, nil)))
	for _, path := range []string{"/ok", "/busy?secret=1", "/partial"} {
		get(t, p.Addr(), path)
	}
	get(t, p.Addr(), "/file")
	page := get(t, p.AdminAddr(), "/metrics").body
	for _, line := range []string{
		`cbcerr_proxy_responses_total{result="success"} 1`, `cbcerr_proxy_responses_total{result="failure"} 1`,
		`cbcerr_proxy_responses_total{result="partial_failure"} 1`, `cbcerr_proxy_responses_total{result="not_judged"} 1`,
		`cbcerr_proxy_failures_total{raised="true",reason="RESOURCE_ORDER_IN_PROGRESS"} 1`,
		`cbcerr_proxy_failures_total{raised="false",reason="PARTIAL_FAILURE"} 1`,
		`cbcerr_proxy_upstream_errors_total{reason="UPSTREAM_TIMEOUT"} 0`, `cbcerr_proxy_upstream_errors_total{reason="UPSTREAM_RESPONSE_BROKEN"} 0`, `cbcerr_proxy_request_duration_seconds_count 4`, `cbcerr_proxy_draining 0`,
	} {
		contains(t, page, line+"\n")
	}
	if got := text.String(); strings.Count(got, "\n") != 2 || strings.Contains(got, "secret") {
		t.Errorf("want one line for each failure, without the query:\n%s", got)
	}
	contains(t, []byte(text.String()), `method=GET path=/busy http_status=200 code=CBC.3144 reason=RESOURCE_ORDER_IN_PROGRESS retry=BACKOFF outcome=NOT_APPLIED raised=true request_id=q1`)
}

// A lockedBuffer is a buffer for several goroutines.
type lockedBuffer struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

// Write implements io.Writer.
func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.Write(p)
}

// String implements fmt.Stringer.
func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.String()
}

// BenchmarkProxy compares the proxy with a plain ReverseProxy, for a success and an error of common size.
func BenchmarkProxy(b *testing.B) {
	success := `{"total_count":1,"orders":[{"order_id":"CS1","amount":12.5,"name":"` + strings.Repeat("x", 400) + `"}]}`
	upstream := newUpstream(b, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/error" {
			_, _ = io.WriteString(w, busy)
			return
		}
		_, _ = io.WriteString(w, success)
	})
	target, err := url.Parse(upstream.URL)
	if err != nil {
		b.Fatal(err)
	}
	plain := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }, Transport: &http.Transport{MaxIdleConnsPerHost: 64},
	})
	b.Cleanup(plain.Close)
	addresses := map[string]string{"plain": plain.Listener.Addr().String(), "default": start(b, config(upstream.URL)).Addr(), "raise": start(b, raising(upstream.URL)).Addr()}
	for _, path := range []string{"/success", "/error"} {
		for _, name := range []string{"plain", "default", "raise"} {
			b.Run(path[1:]+"/"+name, func(b *testing.B) {
				for b.Loop() {
					get(b, addresses[name], path)
				}
			})
		}
	}
}
