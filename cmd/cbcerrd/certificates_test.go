package main_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

// certificates are the files of an authority, and of what it has issued.
type certificates struct {
	dir   string
	key   *ecdsa.PrivateKey
	own   *x509.Certificate
	roots *x509.CertPool
}

func newCertificates(t *testing.T) *certificates {
	t.Helper()
	c := &certificates{dir: t.TempDir(), roots: x509.NewCertPool()}
	c.own = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	c.issue(t, "ca", c.own)
	c.roots.AddCert(c.own)
	return c
}

// leaf issues the certificate of localhost with a serial number.
func (c *certificates) leaf(t *testing.T, name string, serial int64) {
	t.Helper()
	c.issue(t, name, &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	})
}

// issue writes NAME.pem and NAME.key; the first certificate is the authority's own.
func (c *certificates) issue(t *testing.T, name string, template *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if c.key == nil {
		c.key = key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, c.own, &key.PublicKey, c.key)
	if err != nil {
		t.Fatal(err)
	}
	if template == c.own {
		if c.own, err = x509.ParseCertificate(der); err != nil {
			t.Fatal(err)
		}
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for suffix, block := range map[string]*pem.Block{".pem": {Type: "CERTIFICATE", Bytes: der}, ".key": {Type: "EC PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(c.path(name+suffix), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func (c *certificates) path(name string) string { return filepath.Join(c.dir, name) }

// client trusts the authority and shows a certificate of this name, if any.
func (c *certificates) client(t *testing.T, name string) *tls.Config {
	t.Helper()
	config := &tls.Config{ServerName: "localhost", RootCAs: c.roots}
	if name != "" {
		pair, err := tls.LoadX509KeyPair(c.path(name+".pem"), c.path(name+".key"))
		if err != nil {
			t.Fatal(err)
		}
		config.Certificates = []tls.Certificate{pair}
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
	c.leaf(t, "client", 3)
	other.leaf(t, "client", 4)
	d := p.start(t, nil, c.flags()...)
	stranger := other.client(t, "client")
	stranger.RootCAs = c.roots
	for _, k := range []struct {
		name   string
		config *tls.Config
		served bool
	}{
		{"its certificate", c.client(t, "client"), true},
		{"no certificate", c.client(t, ""), false},
		{"a stranger's certificate", stranger, false},
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

// A new certificate is shown as soon as it is there, and a faulty one never is.
func certificatesChange(t *testing.T, p program) {
	c := newCertificates(t)
	c.leaf(t, "server", 2)
	c.leaf(t, "client", 3)
	d := p.start(t, nil, append(c.flags(), "--reload-interval", "10ms")...)
	config := c.client(t, "client")
	c.leaf(t, "server", 7)
	d.wantSerial(t, config, 7)
	if err := os.WriteFile(c.path("server.pem"), []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
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

// wantLine reads the log up to a line with this text.
func (d *daemon) wantLine(t *testing.T, text string) {
	t.Helper()
	for {
		line, err := d.stderr.ReadString('\n')
		if strings.Contains(line, text) {
			return
		}
		if err != nil {
			t.Fatalf("no line with %q: %v", text, err)
		}
	}
}
