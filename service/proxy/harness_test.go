package proxy_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/proxy"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"github.com/spf13/pflag"
)

// upstreamHost is the name that clients call, and sign.
const upstreamHost = "bss.myhuaweicloud.com"

// embedded returns the embedded catalog, which is parsed once.
var embedded = sync.OnceValues(func() (*catalog.Catalog, error) { return catalog.Embedded() })

// config returns the defaults of the flags, on free ports.
func config(upstream string) proxy.Config {
	var c proxy.Config
	c.Bind(pflag.NewFlagSet("", pflag.ContinueOnError))
	c.Upstream, c.Addr, c.AdminAddr = upstream, "127.0.0.1:0", "127.0.0.1:0"
	return c
}

// A sidecar is a running proxy.
type sidecar struct {
	*proxy.Server
	stop func() error // ends the proxy once, and returns the error of Serve
}

// start starts a proxy, which stops when the test ends. The test fails if Serve returns an error.
func start(t testing.TB, c proxy.Config) *sidecar {
	t.Helper()
	return startWithLog(t, c, slog.New(slog.DiscardHandler))
}

func startWithLog(t testing.TB, c proxy.Config, log *slog.Logger) *sidecar {
	t.Helper()
	table, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	p := serve(t, c, table, log)
	t.Cleanup(func() {
		client.CloseIdleConnections() // the proxy would wait for them
		if err := p.stop(); err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return p
}

// serve starts a proxy that the test stops.
func serve(t testing.TB, c proxy.Config, table *catalog.Catalog, log *slog.Logger) *sidecar {
	t.Helper()
	s, err := proxy.Listen(c, table, log)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx) }()
	return &sidecar{s, sync.OnceValue(func() error {
		cancel()
		return <-served
	})}
}

// newUpstream starts a real server that answers as the handler does.
func newUpstream(t testing.TB, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s
}

// A reply is a response that was read to its end.
type reply struct {
	status          int
	header, trailer http.Header
	body            []byte
	err             error // of reading the body
}

// get sends a request for a path, with headers in pairs.
func get(t testing.TB, address, path string, header ...string) reply {
	t.Helper()
	return do(t, address, http.MethodGet, path, nil, header...)
}

func do(t testing.TB, address, method, path string, body io.Reader, header ...string) reply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, "http://"+address+path, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = upstreamHost
	for pair := range slices.Chunk(header, 2) {
		request.Header.Set(pair[0], pair[1])
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, response.Trailer, content, err}
}

// client returns what it receives: no redirect followed, nothing decompressed.
var client = &http.Client{
	Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 64},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Timeout:       time.Minute,
}

// exchange sends bytes, and returns the response as it is on the wire. The test fails if the response does not end.
func exchange(t testing.TB, address, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer conn.Close()
	err = conn.SetDeadline(time.Now().Add(20 * time.Second))
	_, sent := io.WriteString(conn, request)
	response, received := io.ReadAll(conn)
	if err := errors.Join(err, sent, received); err != nil {
		t.Errorf("%q: %v", request, err)
	}
	return string(response)
}

// goldens returns the golden cases that an HTTP server can send, in order.
func goldens(t testing.TB) []golden.Case {
	t.Helper()
	all, err := golden.Read("../translate/testdata")
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(c golden.Case) bool {
		length := c.Header("Content-Length")
		return c.Status == 0 || length != "" && length != strconv.Itoa(len(c.Body)) || // breaks off
			c.Service != "" || c.Site != "" // the proxy knows no origin
	})
}

// answerGolden answers with the golden case that the query names.
func answerGolden(cases []golden.Case) http.HandlerFunc {
	byName := map[string]golden.Case{}
	for _, c := range cases {
		byName[c.Name] = c
	}
	return func(w http.ResponseWriter, r *http.Request) {
		c := byName[r.URL.Query().Get("case")]
		w.Header()["Content-Type"], w.Header()["Date"] = nil, nil // otherwise net/http sets them
		for name, value := range c.Headers {
			if name != "Content-Length" {
				w.Header().Set(name, value)
			}
		}
		w.WriteHeader(c.Status)
		_, _ = w.Write(c.Body) // the proxy may be gone
	}
}

// setContentType sets the content type of an upstream, empty for none. By default net/http would guess it.
func setContentType(w http.ResponseWriter, contentType string) {
	w.Header()["Content-Type"] = nil
	if contentType != "" {
		w.Header().Set("Content-Type", contentType)
	}
}

// contains fails unless the text has the part.
func contains(t *testing.T, text []byte, part string) {
	t.Helper()
	if !bytes.Contains(text, []byte(part)) {
		t.Errorf("%.300q lacks %q", text, strings.TrimSpace(part))
	}
}
