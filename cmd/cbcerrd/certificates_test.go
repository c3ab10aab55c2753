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

// certificates are the files of an authority, and of what it has issued.
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

// leaf issues NAME.pem and NAME.key with a serial number.
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

// client trusts the authority and shows a certificate, whoever has issued that. With none it shows none.
func (c *certificates) client(t *testing.T, shown *testca.Pair) *tls.Config {
	t.Helper()
	config, err := c.Client(shown)
	if err != nil {
		t.Fatal(err)
	}
	return config
}

func (c *certificates) flags() []string {
	return append(freePorts(), "--tls-cert", c.path("server.pem"), "--tls-key", c.path("server.key"), "--tls-client-ca", c.path("ca.pem"))
}

// ask asks over REST, and over gRPC for the health; serial is that of the certificate that was shown.
func (d *daemon) ask(t *testing.T, config *tls.Config) (serial int64, rest, overGRPC error) {
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

// With an authority of clients both ports refuse whoever has no certificate of it.
func clientsNeedCertificates(t *testing.T, p program) {
	c, other := newCertificates(t), newCertificates(t)
	c.leaf(t, "server", 2)
	d := p.start(t, nil, c.flags()...)
	for _, k := range []struct {
		name   string
		config *tls.Config
		served bool
	}{
		{"its certificate", c.client(t, c.leaf(t, "client", 3)), true},
		{"no certificate", c.client(t, nil), false},
		{"a stranger's certificate", c.client(t, other.leaf(t, "client", 4)), false},
	} {
		_, rest, overGRPC := d.ask(t, k.config)
		if (rest == nil) != k.served || (overGRPC == nil) != k.served {
			t.Errorf("%s: REST %v, gRPC %v", k.name, rest, overGRPC)
		}
	}
	plain, err := http.Get(strings.Replace(d.rest, "https", "http", 1) + "/v1/locales")
	if err != nil || plain.StatusCode != http.StatusBadRequest {
		t.Errorf("in the clear: %v, %v", plain, err)
	}
	if err == nil {
		plain.Body.Close()
	}
}

// A folder where the authorities of clients should be, at the start or later, never means that nobody asks for certificates.
func authoritiesAreNeverAFolder(t *testing.T, p program) {
	c := newCertificates(t)
	c.leaf(t, "server", 2)
	folder := p.run(t, nil, append(c.flags(), "--tls-client-ca", t.TempDir())...)
	if folder.status != 1 || !strings.Contains(folder.stderr, "not a file") {
		t.Errorf("status %d, %q, want 1 and that it is not a file", folder.status, folder.stderr)
	}
	d := p.start(t, nil, append(c.flags(), "--reload-interval", "10ms")...)
	if err := errors.Join(os.Remove(c.path("ca.pem")), os.Mkdir(c.path("ca.pem"), 0o700)); err != nil {
		t.Fatal(err)
	}
	d.wantLine(t, "not a file")
	if _, rest, overGRPC := d.ask(t, c.client(t, nil)); rest == nil || overGRPC == nil {
		t.Errorf("without a certificate: REST %v, gRPC %v, want to be refused", rest, overGRPC)
	}
}

// A new certificate is shown as soon as it is there, and a faulty one never is.
func certificatesChange(t *testing.T, p program) {
	c := newCertificates(t)
	c.leaf(t, "server", 2)
	config := c.client(t, c.leaf(t, "client", 3))
	d := p.start(t, nil, append(c.flags(), "--reload-interval", "10ms")...)
	c.leaf(t, "server", 7)
	d.wantSerial(t, config, 7)
	c.write(t, "server.pem", []byte("nothing"))
	d.wantLine(t, `reload failed, the last good version stays in use" source=certificates`)
	if serial, _, _ := d.ask(t, config); serial != 7 {
		t.Errorf("serial %d, want that of the last good certificate, 7", serial)
	}
	c.leaf(t, "server", 8)
	if err := d.command.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	d.wantSerial(t, config, 8)
}

func (d *daemon) wantSerial(t *testing.T, config *tls.Config, want int64) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		serial, rest, overGRPC := d.ask(t, config)
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

// wantLine reads the log up to a line with this text, and returns that.
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
