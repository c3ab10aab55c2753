package main_test

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// textFlags returns the flags with text values. Together with numberFlags, it must list every flag.
func textFlags() []string {
	return []string{
		"grpc-addr", "http-addr", "admin-addr", "locales-dir", "overlays-dir", "public-url", "tls-cert", "tls-key", "tls-client-ca",
		"auth-tokens", "auth-jwks", "auth-issuer", "auth-audience", "log-format", "log-level", "otlp-endpoint", "cors-origins",
	}
}

// numberFlags returns the flags with numbers and durations.
func numberFlags() []string {
	return []string{
		"max-message", "max-header", "max-streams", "max-calls", "max-connections", "client-rate", "client-burst", "client-timeout", "idle-timeout", "drain-delay",
		"max-connection-age", "drain-timeout", "handshake-timeout", "slow-call", "log-rate", "max-body", "max-headers", "max-locales",
		"max-batch", "max-answer", "max-items", "reload-interval",
	}
}

func variable(flag string) string {
	return "CBCERR_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// flagLine matches the first line of a flag in the help.
var flagLine = regexp.MustCompile(`(?m)^ +--([a-z-]+)`)

// Each flag is listed once, below a topic.
func helpListsAllFlags(t *testing.T, p program) {
	checkHelp(t, p)
	want := slices.Concat(textFlags(), numberFlags())
	slices.Sort(want)
	for _, help := range []string{"-h", "--help"} {
		r := p.run(t, nil, help)
		var got []string
		for _, line := range flagLine.FindAllStringSubmatch(r.stdout, -1) {
			got = append(got, line[1])
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); r.status != 0 || r.stderr != "" || diff != "" {
			t.Errorf("%s: status %d, stderr %q (-want +got)\n%s", help, r.status, r.stderr, diff)
		}
	}
}

// checkHelp requires that each line of the help fits in a terminal of 100 columns, and that no flag lacks a topic.
func checkHelp(t *testing.T, p program) {
	t.Helper()
	for _, args := range [][]string{{"-h"}, {"proxy", "-h"}} {
		help := p.run(t, nil, args...).stdout
		for line := range strings.Lines(help) {
			if width := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); width > 100 {
				t.Errorf("%d columns: %s", width, line)
			}
		}
		if !strings.Contains(help, "\nLimits:\n") || strings.Contains(help, "\nOther:\n") {
			t.Errorf("%v: %s", args, help)
		}
	}
}

// testEnvironment sets free ports, and one limit with an effect on replies.
func testEnvironment() []string {
	return []string{"CBCERR_GRPC_ADDR=127.0.0.1:0", "CBCERR_HTTP_ADDR=127.0.0.1:0", "CBCERR_MAX_LOCALES=1"}
}

const twoLocales = translateRaw + "&locales=zh&locales=en"

func environmentSetsFlags(t *testing.T, p program) {
	d := p.start(t, testEnvironment())
	status, reply := d.post(t, twoLocales, "", throttled)
	if status != 400 || !strings.Contains(reply, "at most 1 ") {
		t.Errorf("%d %s, want 400 and the limit", status, reply)
	}
	d.wantLine(t, "error.type=INVALID_REQUEST field=locales")
}

// The variable of a security flag may be misspelt. The variables that Kubernetes sets for a Service are no mistake.
func warnsOfUnknownVariables(t *testing.T, p program) {
	d := p.start(t, append(testEnvironment(), "CBCERR_AUTH_TOKEN=secret", "CBCERR_SERVICE_HOST=10.0.0.1", "CBCERR_PORT_9090_TCP=x"))
	d.wantLine(t, `msg="unknown environment variable" name=CBCERR_AUTH_TOKEN`)
	if _, log := d.stop(t, syscall.SIGTERM); strings.Contains(log, "unknown environment variable") || strings.Contains(log, "secret") {
		t.Error(log)
	}
}

func flagOverridesEnvironment(t *testing.T, p program) {
	d := p.start(t, testEnvironment(), "--max-locales", "2")
	if status, reply := d.post(t, twoLocales, "", throttled); status != 200 {
		t.Errorf("%d %s, want 200", status, reply)
	}
}

// The flag's list replaces the list in the environment.
func flagOverridesListInEnvironment(t *testing.T, p program) {
	d := p.start(t, append(testEnvironment(), "CBCERR_CORS_ORIGINS=https://old.example"), "--cors-origins", "https://new.example")
	for origin, want := range map[string]string{"https://old.example": "", "https://new.example": "https://new.example"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.rest+"/v1/locales", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Origin", origin)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if got := response.Header.Get("Access-Control-Allow-Origin"); got != want {
			t.Errorf("%s: Access-Control-Allow-Origin %q, want %q", origin, got, want)
		}
	}
}

// A cache must not serve a reply for one origin to another.
func variesByOrigin(t *testing.T, p program) {
	d := p.start(t, testEnvironment(), "--cors-origins", "https://a.example")
	for _, path := range []string{"/v1/locales", "/v1/codes/CBC.0250", "/v1/codes/CBC.1", "/v1/nowhere"} {
		response, err := http.Get(d.rest + path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if got := strings.Join(response.Header.Values("Vary"), ", "); got != "Origin, Accept, Accept-Language, X-Language" {
			t.Errorf("%s: Vary: %s", path, got)
		}
	}
}

// The error lists all invalid variables.
func invalidEnvironment(t *testing.T, p program) {
	var environment []string
	for _, flag := range numberFlags() {
		environment = append(environment, variable(flag)+"=many")
	}
	r := p.run(t, environment, freePorts()...)
	if r.status != 1 {
		t.Errorf("status %d, want 1", r.status)
	}
	for _, flag := range numberFlags() {
		if !strings.Contains(r.stderr, variable(flag)+`="many": not a `) {
			t.Errorf("%s is not in %q", variable(flag), r.stderr)
		}
	}
}

// An invalidLine is a command line and a part of its error message.
type invalidLine struct {
	name    string
	args    []string
	message string
}

func invalidLines(taken, empty string) []invalidLine {
	return []invalidLine{
		{"unknown flag", []string{"--nope"}, "--nope"},
		{"argument", []string{"serve"}, `"serve"`},
		{"not a number", []string{"--max-body", "lots"}, `--max-body="lots": not a whole number of at most 1073741824`},
		{"not a duration", []string{"--slow-call", "1"}, `--slow-call="1": not a duration such as 30s`},
		{"limit 0", []string{"--max-calls", "0"}, "--max-calls=0: must be 1 to 1073741824"},
		{"limit that no call has", []string{"--max-header", "1"}, "--max-header=1: must be 4096 to 1073741824"},
		{"negative limit", []string{"--max-body", "-1"}, "--max-body=-1: must be 1 to 1073741824"},
		{"limit above the maximum", []string{"--max-streams", "4294967296"}, "--max-streams=4294967296: must be 1 to 1073741824"},
		{"timeout 0", []string{"--handshake-timeout", "0s"}, "--handshake-timeout=0s: must be more than 0s"},
		{"negative duration", []string{"--drain-delay", "-1s"}, "--drain-delay=-1s: must be 0s or more"},
		{"port in use", []string{"--http-addr", taken}, "--http-addr: listen tcp " + taken},
		{"invalid address", []string{"--grpc-addr", "nowhere"}, "--grpc-addr: listen tcp"},
		{"public URL without a scheme", []string{"--public-url", "cbcerr.example"}, `cbcerrd: --public-url: "cbcerr.example" is not`},
		{"missing directory", []string{"--locales-dir", "/no/such/folder"}, "--locales-dir"},
		{"file instead of a directory", []string{"--overlays-dir", "flags_test.go"}, "flags_test.go: not a directory"},
		{"certificate without a key", []string{"--tls-cert", "x"}, "--tls-cert needs --tls-key"},
		{"key without a certificate", []string{"--tls-key", "x"}, "--tls-key needs --tls-cert"},
		{"client authority without a certificate", []string{"--tls-client-ca", "x"}, "--tls-client-ca needs --tls-cert"},
		{"missing certificate", []string{"--tls-cert", "/no/such", "--tls-key", "/no/such"}, "--tls-cert, --tls-key or --tls-client-ca: "},
		{"origin without a scheme", []string{"--cors-origins", "app.example.com"}, `--cors-origins: "app.example.com" is not`},
		{"origin with a wildcard", []string{"--cors-origins", "https://*.example.com"}, `--cors-origins: "https://*.example.com" is not`},
		{"origin with a path", []string{"--cors-origins", "https://a.example/x"}, `--cors-origins: "https://a.example/x" is not`},
		{"drain timeout below handshake timeout", []string{"--drain-timeout", "2s"}, "--handshake-timeout=5s: not shorter than --drain-timeout=2s"},
		{"keys without an issuer", []string{"--auth-jwks", "x"}, "--auth-jwks needs --auth-issuer"},
		{"keys without an audience", []string{"--auth-jwks", "x", "--auth-issuer", "y"}, "--auth-jwks needs --auth-audience"},
		{"audience without keys", []string{"--auth-audience", "x"}, "needs --auth-jwks"},
		{"empty file of tokens", []string{"--auth-tokens", empty}, "--auth-tokens: " + empty + ": no tokens in the file"},
		{"directory of tokens", []string{"--auth-tokens", "."}, "--auth-tokens: .: not a file"},
		{"directory of keys", []string{"--auth-jwks", ".", "--auth-issuer", "y", "--auth-audience", "x"}, "--auth-jwks: .: not a file"},
		{"burst without a rate", []string{"--client-burst", "9"}, "--client-burst needs --client-rate"},
		{"negative rate", []string{"--client-rate", "-1"}, "--client-rate=-1: must be 0 to 1073741824"},
		{"unknown log level", []string{"--log-level", "loud"}, "--log-level=loud: not debug, info, warn or error"},
		{"unknown log format", []string{"--log-format", "xml"}, "--log-format=xml: neither text nor json"},
		{"collector without a scheme", []string{"--otlp-endpoint", "collector:4317"}, `--otlp-endpoint: "collector:4317" is not http`},
		{"admin port in use", []string{"--admin-addr", taken}, "--admin-addr: listen tcp " + taken},
	}
}

// The daemon does not start, and the error states the reason.
func invalidCommandLines(t *testing.T, p program) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range invalidLines(taken.Addr().String(), empty) {
		t.Run(c.name, func(t *testing.T) {
			r := p.run(t, nil, append(freePorts(), c.args...)...)
			if r.status != 1 || !strings.Contains(r.stderr, "cbcerrd: ") || !strings.Contains(r.stderr, c.message) {
				t.Errorf("status %d, %q, want 1 and %q", r.status, r.stderr, c.message)
			}
		})
	}
}
