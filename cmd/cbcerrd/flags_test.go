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

	"github.com/google/go-cmp/cmp"
)

// texts and numbers are all flags by what their values are. A new flag has its line here, so that nobody forgets it.
func texts() []string {
	return []string{
		"grpc-addr", "http-addr", "admin-addr", "locales-dir", "overlays-dir", "public-url", "tls-cert", "tls-key", "tls-client-ca",
		"auth-tokens", "auth-jwks", "auth-issuer", "auth-audience", "log-format", "log-level", "otlp-endpoint", "cors-origins",
	}
}

func numbers() []string {
	return []string{
		"max-message", "max-header", "max-streams", "max-calls", "max-connections", "client-rate", "client-burst", "peer-timeout", "idle-timeout", "drain-delay",
		"max-connection-age", "drain-timeout", "handshake-timeout", "slow-call", "log-rate", "max-body", "max-headers", "max-locales",
		"max-batch", "max-answer", "max-items", "reload-interval",
	}
}

func variable(flag string) string {
	return "CBCERR_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// flagLine is a line of the help: the flag, and the variable after what it does.
var flagLine = regexp.MustCompile(`(?m)^ +--([a-z-]+)(?:.*\[(\w+)\])?`)

// The help is the reference: each flag is in it once, with its variable.
func helpListsAllFlags(t *testing.T, p program) {
	var want []string
	for _, flag := range slices.Concat(texts(), numbers()) {
		want = append(want, flag+" "+variable(flag))
	}
	slices.Sort(want)
	for _, help := range []string{"-h", "--help"} {
		r := p.run(t, nil, help)
		var got []string
		for _, line := range flagLine.FindAllStringSubmatch(r.stdout, -1) {
			got = append(got, line[1]+" "+line[2])
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); r.status != 0 || r.stderr != "" || diff != "" {
			t.Errorf("%s: status %d, stderr %q (-want +got)\n%s", help, r.status, r.stderr, diff)
		}
	}
}

// inEnvironment are free ports, and one setting with an effect that is easily seen.
func inEnvironment() []string {
	return []string{"CBCERR_GRPC_ADDR=127.0.0.1:0", "CBCERR_HTTP_ADDR=127.0.0.1:0", "CBCERR_MAX_LOCALES=1"}
}

const twoLocales = translateRaw + "&locales=zh&locales=en"

func environmentSetsFlags(t *testing.T, p program) {
	d := p.start(t, inEnvironment())
	status, answer := d.post(t, twoLocales, "", throttled)
	if status != 400 || !strings.Contains(answer, "at most 1 ") {
		t.Errorf("%d %s, want 400 and the limit", status, answer)
	}
}

// A variable of no flag may be one of a security flag, misspelt. That Kubernetes makes some of a Service's name is no mistake.
func unknownVariablesAreNamed(t *testing.T, p program) {
	d := p.start(t, append(inEnvironment(), "CBCERR_AUTH_TOKEN=secret", "CBCERR_SERVICE_HOST=10.0.0.1", "CBCERR_PORT_9090_TCP=x"))
	d.wantLine(t, `msg="no flag has this variable" name=CBCERR_AUTH_TOKEN`)
	if _, said := d.stop(t, syscall.SIGTERM); strings.Contains(said, "no flag") || strings.Contains(said, "secret") {
		t.Error(said)
	}
}

func flagOverridesEnvironment(t *testing.T, p program) {
	d := p.start(t, inEnvironment(), "--max-locales", "2")
	if status, answer := d.post(t, twoLocales, "", throttled); status != 200 {
		t.Errorf("%d %s, want 200", status, answer)
	}
}

// A list in the environment does not add to the flag's.
func flagOverridesListInEnvironment(t *testing.T, p program) {
	d := p.start(t, append(inEnvironment(), "CBCERR_CORS_ORIGINS=https://old.example"), "--cors-origins", "https://new.example")
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
			t.Errorf("%s may call as %q, want %q", origin, got, want)
		}
	}
}

// An answer that some origins may read is not one that a cache may give to all.
func answersDependOnTheOrigin(t *testing.T, p program) {
	d := p.start(t, inEnvironment(), "--cors-origins", "https://a.example")
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

// All that is wrong is said at once, by the names that were used.
func badEnvironment(t *testing.T, p program) {
	var environment []string
	for _, flag := range numbers() {
		environment = append(environment, variable(flag)+"=many")
	}
	r := p.run(t, environment, freePorts()...)
	if r.status != 1 {
		t.Errorf("status %d, want 1", r.status)
	}
	for _, flag := range numbers() {
		if !strings.Contains(r.stderr, variable(flag)+`="many"`) {
			t.Errorf("%s is not in %q", variable(flag), r.stderr)
		}
	}
}

// A badLine is a command line, and what must be said of it.
type badLine struct {
	name string
	args []string
	says string
}

func badLines(taken, empty string) []badLine {
	return []badLine{
		{"unknown flag", []string{"--nope"}, "--nope"},
		{"argument", []string{"serve"}, `"serve"`},
		{"no number", []string{"--max-body", "lots"}, "max-body"},
		{"no duration", []string{"--slow-call", "1"}, "slow-call"},
		{"limit of nothing", []string{"--max-calls", "0"}, "--max-calls=0: too small"},
		{"negative limit", []string{"--max-body", "-1"}, "--max-body=-1: too small"},
		{"limit of everything", []string{"--max-streams", "4294967296"}, "--max-streams=4294967296: too large"},
		{"no time at all", []string{"--handshake-timeout", "0s"}, "--handshake-timeout=0s: too small"},
		{"negative time", []string{"--drain-delay", "-1s"}, "--drain-delay=-1s: too small"},
		{"port in use", []string{"--http-addr", taken}, "REST: listen tcp " + taken},
		{"no address", []string{"--grpc-addr", "nowhere"}, "gRPC: listen tcp"},
		{"no public address", []string{"--public-url", "cbcerr.example"}, "--public-url: "},
		{"no folder", []string{"--locales-dir", "/no/such/folder"}, "--locales-dir"},
		{"file for a folder", []string{"--overlays-dir", "flags_test.go"}, "flags_test.go: not a folder"},
		{"certificate without a key", []string{"--tls-cert", "x"}, "--tls-cert needs --tls-key"},
		{"key without a certificate", []string{"--tls-key", "x"}, "--tls-key needs --tls-cert"},
		{"clients' authority without a certificate", []string{"--tls-client-ca", "x"}, "--tls-client-ca needs --tls-cert"},
		{"no certificate", []string{"--tls-cert", "/no/such", "--tls-key", "/no/such"}, "--tls-cert, --tls-key or --tls-client-ca: "},
		{"origin without a scheme", []string{"--cors-origins", "app.example.com"}, `--cors-origins: "app.example.com" is not`},
		{"origins of a kind", []string{"--cors-origins", "https://*.example.com"}, `--cors-origins: "https://*.example.com" is not`},
		{"origin with a path", []string{"--cors-origins", "https://a.example/x"}, `--cors-origins: "https://a.example/x" is not`},
		{"stop that is over before handshakes are", []string{"--drain-timeout", "2s"}, "--handshake-timeout=5s: not shorter than --drain-timeout=2s"},
		{"keys of nobody", []string{"--auth-jwks", "x"}, "--auth-jwks needs --auth-issuer"},
		{"keys for nobody", []string{"--auth-jwks", "x", "--auth-issuer", "y"}, "--auth-jwks needs --auth-audience"},
		{"audience of no keys", []string{"--auth-audience", "x"}, "needs --auth-jwks"},
		{"no tokens", []string{"--auth-tokens", empty}, "--auth-tokens: " + empty + ": there is no token in it"},
		{"folder of tokens", []string{"--auth-tokens", "."}, "--auth-tokens: .: not a file"},
		{"folder of keys", []string{"--auth-jwks", ".", "--auth-issuer", "y", "--auth-audience", "x"}, "--auth-jwks: .: not a file"},
		{"burst without a rate", []string{"--client-burst", "9"}, "--client-burst needs --client-rate"},
		{"negative rate", []string{"--client-rate", "-1"}, "--client-rate=-1: too small"},
		{"no level", []string{"--log-level", "loud"}, "--log-level=loud: not debug, info, warn or error"},
		{"no format", []string{"--log-format", "xml"}, "--log-format=xml: neither text nor json"},
		{"collector without a scheme", []string{"--otlp-endpoint", "collector:4317"}, `--otlp-endpoint: "collector:4317" is not http`},
		{"admin port in use", []string{"--admin-addr", taken}, "admin: listen tcp " + taken},
	}
}

// A command line that cannot be meant is an error that says why, and not a daemon that does something else.
func badCommandLines(t *testing.T, p program) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range badLines(taken.Addr().String(), empty) {
		t.Run(c.name, func(t *testing.T) {
			r := p.run(t, nil, append(freePorts(), c.args...)...)
			if r.status != 1 || !strings.Contains(r.stderr, "cbcerrd: ") || !strings.Contains(r.stderr, c.says) {
				t.Errorf("status %d, %q, want 1 and %q", r.status, r.stderr, c.says)
			}
		})
	}
}
