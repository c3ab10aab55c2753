//go:build e2e

package e2e

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/test/testca"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// steadyToken is in every version of the token file.
const steadyToken = "steady-token"

// secureFiles are the certificates, tokens and language files of a daemon. Each version replaces all of them.
type secureFiles struct {
	ca      *testca.Authority
	dir     string
	version int
	client  *tls.Config
}

// TestReload_NoCallFails replaces certificate, tokens and language repeatedly. Calls on persistent and on new connections
// succeed all the time, and every version comes into use.
func TestReload_NoCallFails(t *testing.T) {
	const versions = 5
	s := newSecureFiles(t)
	d := startDaemon(t, s.flags()...)
	persistent, reconnecting := new(tally), new(tally)
	callGRPC := overGRPC(dial(t, d.grpc, s.client, withToken(steadyToken)))
	callREST := overREST(&http.Client{Transport: &http.Transport{TLSClientConfig: s.client, DisableKeepAlives: true}}, "https://"+d.rest, steadyToken)
	for _, stop := range []func(){persistent.run(time.Millisecond, callGRPC, callGRPC), reconnecting.run(time.Millisecond, callREST, callREST)} {
		defer stop()
	}
	for range versions {
		s.publish(t, s.pair(t))
		s.awaitInUse(t, d)
	}
	for _, c := range []*tally{persistent, reconnecting} {
		c.mu.Lock()
		if len(c.failed) > 0 || c.calls.Load() == 0 {
			t.Errorf("%d calls, failed: %v", c.calls.Load(), c.failed)
		}
		c.mu.Unlock()
	}
	t.Logf("%d versions; %d calls on a persistent connection, %d on new ones", versions, persistent.calls.Load(), reconnecting.calls.Load())
}

// TestReload_InvalidVersionIsNotUsed publishes a certificate with another key. The last good pair stays in use, and a metric
// reports the failure.
func TestReload_InvalidVersionIsNotUsed(t *testing.T) {
	s := newSecureFiles(t)
	d := startDaemon(t, s.flags()...)
	good := s.serial(t, d.grpc)
	pair := s.pair(t)
	pair.Key = s.pair(t).Key
	s.publish(t, pair)
	const failing = `cbcerr_reload_failing{source="certificates"}`
	await(t, failing, func() bool { n, _ := d.metric(failing); return n == 1 })
	if got := s.serial(t, d.grpc); got != good {
		t.Errorf("serial number %d is in use, want %d", got, good)
	}
	s.publish(t, s.pair(t))
	s.awaitInUse(t, d)
}

func newSecureFiles(t *testing.T) *secureFiles {
	t.Helper()
	ca, err := testca.New("e2e")
	if err != nil {
		t.Fatal(err)
	}
	client, err := ca.Issue("client", 1, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	s := &secureFiles{ca: ca, dir: t.TempDir(), version: 1}
	if s.client, err = ca.Client(&client); err != nil {
		t.Fatal(err)
	}
	for name := range s.files(testca.Pair{}) {
		if err := os.Symlink(filepath.Join("..data", name), filepath.Join(s.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	s.publish(t, s.pair(t))
	return s
}

func (s *secureFiles) flags() []string {
	in := func(name string) string { return filepath.Join(s.dir, name) }
	return []string{"--tls-cert", in("tls.crt"), "--tls-key", in("tls.key"), "--tls-client-ca", in("ca.crt"), "--auth-tokens", in("tokens"),
		"--locales-dir", in("locales"), "--reload-interval", "50ms"}
}

// pair returns a new certificate, whose serial number is the next version.
func (s *secureFiles) pair(t *testing.T) testca.Pair {
	t.Helper()
	s.version++
	pair, err := s.ca.Issue("server", int64(s.version), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func (s *secureFiles) token() string { return fmt.Sprint("token-", s.version) }

func (s *secureFiles) text() string { return fmt.Sprint("Fassung ", s.version) }

func (s *secureFiles) files(pair testca.Pair) map[string]string {
	hash := func(token string) [sha256.Size]byte { return sha256.Sum256([]byte(token)) }
	return map[string]string{
		"tls.crt": string(pair.Certificate), "tls.key": string(pair.Key), "ca.crt": string(s.ca.PEM()),
		"tokens":  fmt.Sprintf("steady sha256:%x\nrotating sha256:%x\n", hash(steadyToken), hash(s.token())),
		"locales": "key\ttext\nCBC.0250\t" + s.text() + "\n",
	}
}

// publish replaces all files atomically, like Kubernetes: they are links through ..data, which a rename replaces.
func (s *secureFiles) publish(t *testing.T, pair testca.Pair) {
	t.Helper()
	version := filepath.Join(s.dir, fmt.Sprintf("..%d-%d", s.version, time.Now().UnixNano()))
	if err := os.MkdirAll(filepath.Join(version, "locales"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range s.files(pair) {
		if name == "locales" {
			name = "locales/de.tsv"
		}
		if err := os.WriteFile(filepath.Join(version, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	next := filepath.Join(s.dir, "..next")
	if err := os.Symlink(filepath.Base(version), next); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, filepath.Join(s.dir, "..data")); err != nil {
		t.Fatal(err)
	}
}

// awaitInUse waits until the current certificate, token and text are in use, and the previous token is rejected.
func (s *secureFiles) awaitInUse(t *testing.T, d *daemon) {
	t.Helper()
	await(t, "the certificate", func() bool {
		return s.serial(t, d.grpc) == int64(s.version) && s.serial(t, d.rest) == int64(s.version)
	})
	want := sample{429, `{"error_code":"CBC.0250","error_msg":"too fast"}`, codes.ResourceExhausted, "REQUEST_THROTTLED", "de", s.text()}
	current := overGRPC(dial(t, d.grpc, s.client, withToken(s.token())))
	await(t, "token and text", func() bool { return current(t.Context(), &want) == nil })
	previous := overGRPC(dial(t, d.grpc, s.client, withToken(fmt.Sprint("token-", s.version-1))))
	await(t, "the end of the previous token", func() bool { return status.Code(previous(t.Context(), &want)) == codes.Unauthenticated })
}

// serial returns the serial number of the server's certificate on a new connection.
func (s *secureFiles) serial(t *testing.T, address string) int64 {
	t.Helper()
	config := s.client.Clone()
	config.NextProtos = []string{"h2", "http/1.1"}
	conn, err := tls.Dial("tcp", address, config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

// withToken sends a bearer token with every call.
func withToken(token string) grpc.DialOption {
	return grpc.WithUnaryInterceptor(func(ctx context.Context, method string, request, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
		return invoke(metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token), method, request, reply, conn, options...)
	})
}
