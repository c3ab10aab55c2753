package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/grpc/codes"
)

// withAdmin opens the admin port.
func withAdmin(c *server.Config) { c.AdminAddr = "127.0.0.1:0" }

func (h *harness) getAdmin(t *testing.T, path string) httpReply {
	t.Helper()
	return sendHTTP(t, http.MethodGet, "http://"+h.AdminAddr()+path, "", http.Header{})
}

func TestAdmin_ServesProbesWithoutToken(t *testing.T) {
	t.Parallel()
	h := start(t, withAdmin, withTokens, func(c *server.Config) { c.DrainDelay = drainDelay })
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 200, listPath: 404, doPath: 404} {
		if reply := h.getAdmin(t, path); reply.status != want {
			t.Errorf("%s: %d, want %d", path, reply.status, want)
		}
	}
	h.stop()
	for deadline := time.Now().Add(testTimeout); h.getAdmin(t, "/readyz").status == http.StatusOK; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("still ready")
		}
	}
	if reply := h.getAdmin(t, "/readyz"); reply.status != http.StatusServiceUnavailable {
		t.Errorf("/readyz while draining: %d", reply.status)
	}
	if reply := h.getAdmin(t, "/healthz"); reply.status != http.StatusOK {
		t.Errorf("/healthz while draining: %d", reply.status)
	}
}

func TestAdmin_IsOffByDefault(t *testing.T) {
	t.Parallel()
	h := start(t)
	if h.AdminAddr() != "" {
		t.Errorf("admin port %s, want none", h.AdminAddr())
	}
	for _, path := range []string{"/log-level", "/unknown-codes"} {
		if reply, err := h.sendREST(http.MethodGet, path, ""); err != nil || reply.status != http.StatusNotFound {
			t.Errorf("%s on the REST port: %d, %v, want 404", path, reply.status, err)
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
			h := start(t, withTokens, func(config *server.Config) { config.CORSOrigins = c.origins })
			header := http.Header{
				"Origin": {c.origin}, "Access-Control-Request-Method": {http.MethodPost}, "Access-Control-Request-Headers": {"authorization,content-type"},
			}
			for _, verb := range []string{http.MethodOptions, http.MethodPost} {
				reply := sendHTTP(t, verb, "http://"+h.HTTPAddr()+doPath, "{}", header)
				if got := reply.header.Get("Access-Control-Allow-Origin"); got != c.allowed {
					t.Errorf("%s: allows %q, want %q", verb, got, c.allowed)
				}
				if refused := reply.status == http.StatusForbidden; refused != (verb == http.MethodOptions && c.allowed == "") {
					t.Errorf("%s: %d", verb, reply.status)
				}
				exposed := strings.Contains(reply.header.Get("Access-Control-Expose-Headers"), "Grpc-Status-Details-Bin")
				if want := verb == http.MethodPost && c.allowed != ""; exposed != want {
					t.Errorf("%s: exposes %q", verb, reply.header.Get("Access-Control-Expose-Headers"))
				}
			}
		})
	}
}

// The log of a browser's network shows the reply to a refused preflight.
func TestCORS_RefusedPreflightNamesTheFlag(t *testing.T) {
	t.Parallel()
	for _, origins := range [][]string{nil, {"https://a.test"}} {
		r := start(t, func(config *server.Config) { config.CORSOrigins = origins })
		reply := sendHTTP(t, http.MethodOptions, "http://"+r.HTTPAddr()+doPath, "", http.Header{
			"Origin": {"https://b.test"}, "Access-Control-Request-Method": {http.MethodPost},
		})
		s := wantInfo(t, reply.err(), "PERMISSION_DENIED")
		if s.Code() != codes.PermissionDenied || !strings.Contains(s.Message(), "https://b.test") || !strings.Contains(s.Message(), "--cors-origins") {
			t.Errorf("%v: %v", origins, s)
		}
	}
}

// A request that is no preflight has the reply that it has without an origin.
func TestCORS_OptionsWithoutAMethod(t *testing.T) {
	t.Parallel()
	reply := sendHTTP(t, http.MethodOptions, "http://"+start(t).HTTPAddr()+doPath, "", http.Header{"Origin": {"https://b.test"}})
	if reply.status != http.StatusMethodNotAllowed {
		t.Errorf("%d, want 405", reply.status)
	}
}

// Probes answer GET and HEAD, on both ports.
func TestProbes_Methods(t *testing.T) {
	t.Parallel()
	r := start(t, withTokens, func(c *server.Config) { c.AdminAddr = "127.0.0.1:0" })
	for _, address := range []string{r.HTTPAddr(), r.AdminAddr()} {
		for _, path := range []string{"/healthz", "/readyz"} {
			for verb, want := range map[string]int{
				"GET": 200, "HEAD": 200, "POST": 405, "PUT": 405, "PATCH": 405, "DELETE": 405, "OPTIONS": 405,
			} {
				reply := sendHTTP(t, verb, "http://"+address+path, "", nil)
				if reply.status != want {
					t.Errorf("%s %s of %s: %d, want %d", verb, path, address, reply.status, want)
				}
				if allow := reply.header.Get("Allow"); want == 405 && allow != "GET, HEAD" {
					t.Errorf("%s %s of %s: Allow: %q", verb, path, address, allow)
				}
			}
		}
	}
}

func TestHTTP_SecurityHeaders(t *testing.T) {
	t.Parallel()
	h := start(t)
	for _, path := range []string{"/healthz", "/metrics", listPath, "/nowhere"} {
		reply, err := h.sendREST(http.MethodGet, path, "")
		if err != nil {
			t.Fatal(err)
		}
		if reply.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(reply.header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s: %v", path, reply.header)
		}
		if reply.header.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: Strict-Transport-Security without TLS", path)
		}
	}
}
