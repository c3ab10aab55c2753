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

// steady is a token that every version of the token file has.
const steady = "steady-token"

// secured is what a daemon with certificates, tokens and a language of its own reads, in versions.
type secured struct {
	ca      *testca.Authority
	dir     string
	version int
	client  *tls.Config
}

// TestReload_CallsGoOn replaces certificate, tokens and language again and again. Clients on connections that last and on new
// ones get the right answer all the time, and every version comes into use.
func TestReload_CallsGoOn(t *testing.T) {
	const versions = 5
	s := newSecured(t)
	d := startDaemon(t, s.flags()...)
	lasting, fresh := new(tally), new(tally)
	old := overGRPC(dial(t, d.grpc, s.client, withToken(steady)))
	anew := overREST(&http.Client{Transport: &http.Transport{TLSClientConfig: s.client, DisableKeepAlives: true}}, "https://"+d.rest, steady)
	for _, stop := range []func(){lasting.run(time.Millisecond, old, old), fresh.run(time.Millisecond, anew, anew)} {
		defer stop()
	}
	for range versions {
		s.publish(t, s.pair(t))
		s.awaitInUse(t, d)
	}
	for _, c := range []*tally{lasting, fresh} {
		c.mu.Lock()
		if len(c.failed) > 0 || c.calls.Load() == 0 {
			t.Errorf("%d calls, failed: %v", c.calls.Load(), c.failed)
		}
		c.mu.Unlock()
	}
	t.Logf("%d versions; %d calls on a lasting connection, %d on new ones", versions, lasting.calls.Load(), fresh.calls.Load())
}

// TestReload_BadVersionIsNotUsed publishes a certificate whose key is another one's: the last good pair stays in use and the
// daemon's metrics say that a reload fails.
func TestReload_BadVersionIsNotUsed(t *testing.T) {
	s := newSecured(t)
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

func newSecured(t *testing.T) *secured {
	t.Helper()
	ca, err := testca.New("e2e")
	if err != nil {
		t.Fatal(err)
	}
	own, err := ca.Issue("client", 1, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	s := &secured{ca: ca, dir: t.TempDir(), version: 1}
	if s.client, err = ca.Client(&own); err != nil {
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

func (s *secured) flags() []string {
	in := func(name string) string { return filepath.Join(s.dir, name) }
	return []string{"--tls-cert", in("tls.crt"), "--tls-key", in("tls.key"), "--tls-client-ca", in("ca.crt"), "--auth-tokens", in("tokens"),
		"--locales-dir", in("locales"), "--reload-interval", "50ms"}
}

// pair is a certificate whose serial number is the next version.
func (s *secured) pair(t *testing.T) testca.Pair {
	t.Helper()
	s.version++
	pair, err := s.ca.Issue("server", int64(s.version), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func (s *secured) token() string { return fmt.Sprint("token-", s.version) }

func (s *secured) text() string { return fmt.Sprint("Fassung ", s.version) }

func (s *secured) files(pair testca.Pair) map[string]string {
	hash := func(token string) [sha256.Size]byte { return sha256.Sum256([]byte(token)) }
	return map[string]string{
		"tls.crt": string(pair.Certificate), "tls.key": string(pair.Key), "ca.crt": string(s.ca.PEM()),
		"tokens":  fmt.Sprintf("steady sha256:%x\nrotating sha256:%x\n", hash(steady), hash(s.token())),
		"locales": "key\ttext\nCBC.0250\t" + s.text() + "\n",
	}
}

// publish replaces all files at once, as Kubernetes does: they are links through ..data, which is replaced by a rename.
func (s *secured) publish(t *testing.T, pair testca.Pair) {
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

// awaitInUse waits until both ports show the certificate, the token is known and the one before is not, and the text is new.
func (s *secured) awaitInUse(t *testing.T, d *daemon) {
	t.Helper()
	await(t, "the certificate", func() bool {
		return s.serial(t, d.grpc) == int64(s.version) && s.serial(t, d.rest) == int64(s.version)
	})
	q := question{429, `{"error_code":"CBC.0250","error_msg":"too fast"}`, codes.ResourceExhausted, "REQUEST_THROTTLED", "de", s.text()}
	now := overGRPC(dial(t, d.grpc, s.client, withToken(s.token())))
	await(t, "token and text", func() bool { return now(t.Context(), &q) == nil })
	before := overGRPC(dial(t, d.grpc, s.client, withToken(fmt.Sprint("token-", s.version-1))))
	await(t, "the end of the token before", func() bool { return status.Code(before(t.Context(), &q)) == codes.Unauthenticated })
}

// serial is the number of the certificate that a new connection is shown.
func (s *secured) serial(t *testing.T, address string) int64 {
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
