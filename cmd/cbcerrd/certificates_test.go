package main_test

import (
	"crypto/tls"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/test/testca"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

// certificates are the files of an authority and its certificates.
type certificates struct {
	*testca.Authority
	dir string
}

func newCertificates(t *testing.T) *certificates {
	t.Helper()
	authority, err := testca.New("authority")
	if err != nil {
		t.Fatal(err)
	}
	c := &certificates{authority, t.TempDir()}
	c.write(t, "ca.pem", authority.PEM())
	return c
}

// leaf issues a certificate, and writes it to NAME.pem and NAME.key.
func (c *certificates) leaf(t *testing.T, name string, serial int64) *testca.Pair {
	t.Helper()
	pair, err := c.Issue(name, serial, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	c.write(t, name+".pem", pair.Certificate)
	c.write(t, name+".key", pair.Key)
	return &pair
}

func (c *certificates) write(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(c.path(name), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (c *certificates) path(name string) string { return filepath.Join(c.dir, name) }

// client returns a configuration that trusts the authority. The client certificate may be nil.
func (c *certificates) client(t *testing.T, certificate *testca.Pair) *tls.Config {
	t.Helper()
	config, err := c.Client(certificate)
	if err != nil {
		t.Fatal(err)
	}
	return config
}

func (c *certificates) flags() []string {
	return append(freePorts(), "--tls-cert", c.path("server.pem"), "--tls-key", c.path("server.key"), "--tls-client-ca", c.path("ca.pem"))
}

// callTLS calls over REST and gRPC. It returns the serial number of the server's certificate, and the error of each call.
func (d *daemon) callTLS(t *testing.T, config *tls.Config) (serial int64, rest, overGRPC error) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: config}}
	defer client.CloseIdleConnections()
	response, rest := client.Get(d.rest + "/v1/locales")
	if rest == nil {
		serial = response.TLS.PeerCertificates[0].SerialNumber.Int64()
		response.Body.Close()
	}
	conn, err := grpc.NewClient(d.grpc, grpc.WithTransportCredentials(credentials.NewTLS(config)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, overGRPC = healthpb.NewHealthClient(conn).Check(t.Context(), &healthpb.HealthCheckRequest{})
	return serial, rest, overGRPC
}

// With --tls-client-ca both ports reject clients without a certificate of that authority.
func requiresClientCertificates(t *testing.T, p program) {
	c, other := newCertificates(t), newCertificates(t)
	c.leaf(t, "server", 2)
	d := p.start(t, nil, c.flags()...)
	for _, k := range []struct {
		name   string
		config *tls.Config
		served bool
	}{
		{"certificate of the authority", c.client(t, c.leaf(t, "client", 3)), true},
		{"no certificate", c.client(t, nil), false},
		{"certificate of another authority", c.client(t, other.leaf(t, "client", 4)), false},
	} {
		_, rest, overGRPC := d.callTLS(t, k.config)
		if (rest == nil) != k.served || (overGRPC == nil) != k.served {
			t.Errorf("%s: REST %v, gRPC %v", k.name, rest, overGRPC)
		}
	}
	plain, err := http.Get(strings.Replace(d.rest, "https", "http", 1) + "/v1/locales")
	if err != nil || plain.StatusCode != http.StatusBadRequest {
		t.Errorf("plaintext: %v, %v", plain, err)
	}
	if err == nil {
		plain.Body.Close()
	}
}

// A directory in place of the authorities must not disable client certificates, neither at startup nor later.
func rejectsDirectoryOfAuthorities(t *testing.T, p program) {
	c := newCertificates(t)
	c.leaf(t, "server", 2)
	r := p.run(t, nil, append(c.flags(), "--tls-client-ca", t.TempDir())...)
	if r.status != 1 || !strings.Contains(r.stderr, "not a file") {
		t.Errorf("status %d, %q, want 1 and an error", r.status, r.stderr)
	}
	d := p.start(t, nil, append(c.flags(), "--reload-interval", "10ms")...)
	if err := errors.Join(os.Remove(c.path("ca.pem")), os.Mkdir(c.path("ca.pem"), 0o700)); err != nil {
		t.Fatal(err)
	}
	d.wantLine(t, "not a file")
	if _, rest, overGRPC := d.callTLS(t, c.client(t, nil)); rest == nil || overGRPC == nil {
		t.Errorf("without a certificate: REST %v, gRPC %v, want a rejection", rest, overGRPC)
	}
}

// An invalid certificate is not used. SIGHUP triggers a reload.
func reloadsCertificates(t *testing.T, p program) {
	c := newCertificates(t)
	c.leaf(t, "server", 2)
	config := c.client(t, c.leaf(t, "client", 3))
	d := p.start(t, nil, append(c.flags(), "--reload-interval", "10ms")...)
	c.leaf(t, "server", 7)
	d.wantSerial(t, config, 7)
	c.write(t, "server.pem", []byte("nothing"))
	d.wantLine(t, `reload failed, the last good version stays in use" source=certificates`)
	if serial, _, _ := d.callTLS(t, config); serial != 7 {
		t.Errorf("serial %d, want that of the last good certificate, 7", serial)
	}
	c.leaf(t, "server", 8)
	if err := d.command.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	d.wantSerial(t, config, 8)
}

// wantSerial waits until the server's certificate has the serial number.
func (d *daemon) wantSerial(t *testing.T, config *tls.Config, want int64) {
	t.Helper()
	for deadline := time.Now().Add(testTimeout); ; time.Sleep(10 * time.Millisecond) {
		serial, rest, overGRPC := d.callTLS(t, config)
		if rest != nil || overGRPC != nil {
			t.Fatalf("REST %v, gRPC %v", rest, overGRPC)
		}
		if serial == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("serial %d, want %d", serial, want)
		}
	}
}

// wantLine reads the log up to a line with the text, and returns the line.
func (d *daemon) wantLine(t *testing.T, text string) string {
	t.Helper()
	for {
		line, err := d.stderr.ReadString('\n')
		if strings.Contains(line, text) {
			return line
		}
		if err != nil {
			t.Fatalf("no line with %q: %v", text, err)
		}
	}
}
