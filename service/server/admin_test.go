package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
)

// withAdmin has a port for operators.
func withAdmin(c *server.Config) { c.AdminAddr = "127.0.0.1:0" }

func (r *running) askAdmin(t *testing.T, path string) answered {
	t.Helper()
	return ask(t, http.MethodGet, "http://"+r.AdminAddr()+path, "", http.Header{})
}

// Probes need neither tokens nor TLS on the port for operators: those of Kubernetes have none.
func TestAdminPortAnswersProbes(t *testing.T) {
	t.Parallel()
	r := start(t, withAdmin, withTokens, func(c *server.Config) { c.DrainDelay = drainDelay })
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 200, tinyList: 404, tinyPath: 404} {
		if a := r.askAdmin(t, path); a.http != want {
			t.Errorf("%s: %d, want %d", path, a.http, want)
		}
	}
	r.stop()
	for deadline := time.Now().Add(patience); r.askAdmin(t, "/readyz").http == http.StatusOK; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("still ready")
		}
	}
	if a := r.askAdmin(t, "/readyz"); a.http != http.StatusServiceUnavailable {
		t.Errorf("/readyz while draining: %d", a.http)
	}
	if a := r.askAdmin(t, "/healthz"); a.http != http.StatusOK {
		t.Errorf("/healthz while draining: %d", a.http)
	}
}

func TestWithoutAdminPort(t *testing.T) {
	t.Parallel()
	r := start(t)
	if r.AdminAddr() != "" {
		t.Errorf("admin port %s, which nobody asked for", r.AdminAddr())
	}
	for _, path := range []string{"/log-level", "/unknown-codes"} {
		if a, err := r.send(http.MethodGet, path, ""); err != nil || a.http != http.StatusNotFound {
			t.Errorf("%s on the port for everybody: %d, %v, want 404", path, a.http, err)
		}
	}
}

// Pages of other origins may read answers only where that is asked for.
func TestOriginsMayCallOnlyWhereAskedFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		origins []string
		origin  string
		allowed string
	}{
		{nil, "https://a.test", ""},
		{[]string{"https://a.test"}, "https://a.test", "https://a.test"},
		{[]string{"https://a.test"}, "https://a.test.evil.test", ""},
		{[]string{"*"}, "https://b.test", "*"},
	} {
		t.Run(fmt.Sprint(c.origins, c.origin), func(t *testing.T) {
			t.Parallel()
			r := start(t, withTokens, func(config *server.Config) { config.CORSOrigins = c.origins })
			header := http.Header{
				"Origin": {c.origin}, "Access-Control-Request-Method": {http.MethodPost}, "Access-Control-Request-Headers": {"authorization,content-type"},
			}
			for _, verb := range []string{http.MethodOptions, http.MethodPost} {
				a := ask(t, verb, "http://"+r.HTTPAddr()+tinyPath, "{}", header)
				if got := a.header.Get("Access-Control-Allow-Origin"); got != c.allowed {
					t.Errorf("%s: allows %q, want %q", verb, got, c.allowed)
				}
				exposed := strings.Contains(a.header.Get("Access-Control-Expose-Headers"), "Grpc-Status-Details-Bin")
				if want := verb == http.MethodPost && c.allowed != ""; exposed != want {
					t.Errorf("%s: exposes %q", verb, a.header.Get("Access-Control-Expose-Headers"))
				}
			}
		})
	}
}

// Every answer over HTTP tells a browser to be careful with it.
func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, path := range []string{"/healthz", "/metrics", tinyList, "/nowhere"} {
		a, err := r.send(http.MethodGet, path, "")
		if err != nil {
			t.Fatal(err)
		}
		if a.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(a.header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s: %v", path, a.header)
		}
		if a.header.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: promises TLS, which there is none of", path)
		}
	}
}
