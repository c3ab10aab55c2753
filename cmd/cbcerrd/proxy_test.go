package main_test

import (
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestProxy builds the program once, and runs the sidecar in each test.
func TestProxy(t *testing.T) {
	t.Parallel()
	p := build(t)
	for name, test := range map[string]func(*testing.T, program){
		"explains errors":       proxyExplainsErrors,
		"help lists all flags":  proxyHelpListsAllFlags,
		"invalid command lines": invalidProxyCommandLines,
	} {
		t.Run(name, func(t *testing.T) { test(t, p) })
	}
}

// proxyFlags returns the flags of the sidecar.
func proxyFlags() []string {
	return []string{
		"upstream", "upstream-addr", "upstream-ca", "addr", "admin-addr", "raise", "raise-partial", "locale", "max-body", "max-header",
		"max-connections", "read-header-timeout", "client-timeout", "idle-timeout", "connect-timeout", "upstream-timeout", "upstream-read-timeout",
		"drain-delay", "drain-timeout", "log-format", "log-level",
	}
}

func proxyHelpListsAllFlags(t *testing.T, p program) {
	var got []string
	want := slices.Sorted(slices.Values(proxyFlags()))
	r := p.run(t, nil, "proxy", "-h")
	for _, line := range flagLine.FindAllStringSubmatch(r.stdout, -1) {
		got = append(got, line[1])
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); r.status != 0 || diff != "" {
		t.Errorf("status %d (-want +got)\n%s", r.status, diff)
	}
}

// proxying matches the startup line of the sidecar.
var proxying = regexp.MustCompile(`msg=proxying address=(\S+) admin=(\S+) `)

// The sidecar asks upstream over TLS, is found ready by its own flags, logs a failure and drains. It describes its metrics.
func proxyExplainsErrors(t *testing.T, p program) {
	upstream := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"error_code":"CBC.3144","error_msg":"busy"}`)
	}))
	defer upstream.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: upstream.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	d, addresses := p.launch(t, proxying, []string{"CBCERR_RAISE=true", "CBCERR_LOCALE=zh-CN", "CBCERR_UPSTREAM=" + upstream.URL},
		[]string{"proxy", "--upstream-ca", ca, "--addr", "127.0.0.1:0", "--admin-addr", "127.0.0.1:0"})
	d.rest, d.admin = "http://"+addresses[1], addresses[2]
	status, body := d.post(t, "/v2/orders", "", "{}")
	if status != http.StatusConflict || !strings.Contains(body, `"error_msg":"资源有处理中的订单,不能进行当前操作。"`) {
		t.Errorf("HTTP %d %s, want 409 in Chinese", status, body)
	}
	d.wantLine(t, "msg=failure method=POST path=/v2/orders http_status=200 code=CBC.3144")
	if r := p.run(t, []string{"CBCERR_ADMIN_ADDR=" + d.admin}, "healthcheck"); r.status != 0 {
		t.Errorf("healthcheck: %+v", r)
	}
	checkMetricNames(t, sidecarDocument, names(read(t, "http://"+d.admin+"/metrics")), true)
	if status, log := d.stop(t, syscall.SIGTERM); status != 0 || !strings.Contains(log, "msg=stopped") {
		t.Errorf("status %d, %s", status, log)
	}
}

// The sidecar does not start, and the error states the reason.
func invalidProxyCommandLines(t *testing.T, p program) {
	upstream := []string{"--addr", "127.0.0.1:0", "--upstream", "https://bss.myhuaweicloud.com"}
	for _, c := range []invalidLine{
		{"no upstream", nil, `--upstream: ""`},
		{"unknown flag", []string{"--grpc-addr", ":0"}, "--grpc-addr"},
		{"argument", append(upstream, "x"), `"x"`},
		{"limit 0", append(upstream, "--max-body", "0"), "--max-body=0: must be 1 to 1073741824"},
		{"timeout 0", append(upstream, "--upstream-timeout", "0s"), "--upstream-timeout=0s: must be more than 0s"},
		{"missing authorities", append(upstream, "--upstream-ca", "/no/such"), "--upstream-ca: "},
		{"partial failures alone", append(upstream, "--raise-partial"), "--raise-partial needs --raise"},
		{"unknown language", append(upstream, "--locale", "xx"), "--locale: "},
		{"unknown log level", append(upstream, "--log-level", "loud"), "--log-level=loud"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := p.run(t, nil, append([]string{"proxy"}, c.args...)...)
			if r.status != 1 || !strings.Contains(r.stderr, "cbcerrd: ") || !strings.Contains(r.stderr, c.message) {
				t.Errorf("status %d, %q, want 1 and %q", r.status, r.stderr, c.message)
			}
		})
	}
}
