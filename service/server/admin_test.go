package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
)

// withAdmin opens the admin port.
func withAdmin(c *server.Config) { c.AdminAddr = "127.0.0.1:0" }

func (r *harness) getAdmin(t *testing.T, path string) httpReply {
	t.Helper()
	return sendHTTP(t, http.MethodGet, "http://"+r.AdminAddr()+path, "", http.Header{})
}

func TestAdmin_ServesProbesWithoutToken(t *testing.T) {
	t.Parallel()
	r := start(t, withAdmin, withTokens, func(c *server.Config) { c.DrainDelay = drainDelay })
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 200, listPath: 404, doPath: 404} {
		if a := r.getAdmin(t, path); a.http != want {
			t.Errorf("%s: %d, want %d", path, a.http, want)
		}
	}
	r.stop()
	for deadline := time.Now().Add(testTimeout); r.getAdmin(t, "/readyz").http == http.StatusOK; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("still ready")
		}
	}
	if a := r.getAdmin(t, "/readyz"); a.http != http.StatusServiceUnavailable {
		t.Errorf("/readyz while draining: %d", a.http)
	}
	if a := r.getAdmin(t, "/healthz"); a.http != http.StatusOK {
		t.Errorf("/healthz while draining: %d", a.http)
	}
}

func TestAdmin_IsOffByDefault(t *testing.T) {
	t.Parallel()
	r := start(t)
	if r.AdminAddr() != "" {
		t.Errorf("admin port %s, want none", r.AdminAddr())
	}
	for _, path := range []string{"/log-level", "/unknown-codes"} {
		if a, err := r.sendREST(http.MethodGet, path, ""); err != nil || a.http != http.StatusNotFound {
			t.Errorf("%s on the REST port: %d, %v, want 404", path, a.http, err)
		}
	}
}

func TestCORS_AllowsConfiguredOrigins(t *testing.T) {
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
				a := sendHTTP(t, verb, "http://"+r.HTTPAddr()+doPath, "{}", header)
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

func TestHTTP_SecurityHeaders(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, path := range []string{"/healthz", "/metrics", listPath, "/nowhere"} {
		a, err := r.sendREST(http.MethodGet, path, "")
		if err != nil {
			t.Fatal(err)
		}
		if a.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(a.header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s: %v", path, a.header)
		}
		if a.header.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: Strict-Transport-Security without TLS", path)
		}
	}
}
