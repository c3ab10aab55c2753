package proxy_test

import (
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/proxy"
)

// TestRaise_Redirect tests that a redirect is an error in headers, log and metrics, and that clients can still follow it.
func TestRaise_Redirect(t *testing.T) {
	for _, k := range []struct {
		name, contentType, body, want string // reason and outcome
	}{
		{"error", "application/json", `{"error_code":"CBC.5003"}`, "BALANCE_INSUFFICIENT NOT_APPLIED"},
		{"page", "text/html", "<html>moved</html>", "UNRECOGNIZED_RESPONSE UNKNOWN"},
		{"empty", "", "", "UNRECOGNIZED_RESPONSE UNKNOWN"},
		{"throttled", "application/json", `{"error_code":"CBC.0250"}`, "REQUEST_THROTTLED NOT_APPLIED"},
		{"data", "text/csv", "a,b\n", " "},
	} {
		upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
			setContentType(w, k.contentType)
			w.Header().Set("Location", "https://example.com/")
			w.WriteHeader(http.StatusFound)
			_, _ = io.WriteString(w, k.body)
		})
		for name, c := range map[string]proxy.Config{"default": config(upstream.URL), "raise": raising(upstream.URL), "raise all": raisingAll(upstream.URL)} {
			var log lockedBuffer
			p := startWithLog(t, c, slog.New(slog.NewTextHandler(&log, nil)))
			r := get(t, p.Addr(), "/")
			if r.status != http.StatusFound || string(r.body) != k.body || r.header.Get("Location") != "https://example.com/" || r.header.Get("Retry-After") != "" {
				t.Errorf("%s, %s: HTTP %d, %v, %q; want it unchanged", k.name, name, r.status, r.header, r.body)
			}
			if got := r.header.Get("cbcerr-reason") + " " + r.header.Get("cbcerr-outcome"); got != k.want {
				t.Errorf("%s, %s: %s, want %s", k.name, name, got, k.want)
			}
			if reason, _, _ := strings.Cut(k.want, " "); reason != "" {
				contains(t, []byte(log.String()), "http_status=302")
				contains(t, get(t, p.AdminAddr(), "/metrics").body, `cbcerr_proxy_failures_total{raised="false",reason="`+reason+`"} 1`)
			}
		}
	}
}
