package auth_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/auth"
)

// serve starts a TLS server that echoes.
func serve(t *testing.T, c *auth.Certificates) (address string) {
	t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", c.Config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(conn, conn); conn.Close() }()
		}
	}()
	return listener.Addr().String()
}

// connect completes the handshake and echoes a byte: only then does a client learn that its certificate is rejected.
func connect(t *testing.T, address string, config *tls.Config) (*tls.Conn, error) {
	t.Helper()
	raw, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	conn := tls.Client(raw, config)
	t.Cleanup(func() { conn.Close() })
	return conn, echo(conn)
}

func echo(conn *tls.Conn) error {
	reply := make([]byte, 1)
	_, wrote := conn.Write([]byte("x"))
	_, read := io.ReadFull(conn, reply)
	return errors.Join(wrote, read)
}

func serial(conn *tls.Conn) int64 {
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

// set sets a new certificate of the authority.
func set(t *testing.T, c *auth.Certificates, a authority, serial int64, clients []byte) {
	t.Helper()
	pair := a.issue(t, serial, time.Hour)
	if err := c.Set(pair.Certificate, pair.Key, clients); err != nil {
		t.Fatal(err)
	}
}

// Handshakes use the new certificate. Open connections stay open.
func TestCertificates_SetReplacesCertificate(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "a")
	var c auth.Certificates
	set(t, &c, a, 1, nil)
	address := serve(t, &c)
	first, err := connect(t, address, a.client(t))
	if err != nil || serial(first) != 1 {
		t.Fatalf("%v, serial %d", err, serial(first))
	}
	set(t, &c, a, 2, nil)
	if err := echo(first); err != nil {
		t.Errorf("open connection: %v", err)
	}
	second, err := connect(t, address, a.client(t))
	if err != nil || serial(second) != 2 {
		t.Errorf("%v, serial %d, want 2", err, serial(second))
	}
}

// A removed authority is no longer accepted, even with a session ticket.
func TestCertificates_ClientAuthorities(t *testing.T) {
	t.Parallel()
	a, old, other := newAuthority(t, "a"), newAuthority(t, "old"), newAuthority(t, "other")
	var c auth.Certificates
	set(t, &c, a, 1, old.PEM())
	address := serve(t, &c)
	config := a.client(t, old)
	config.ClientSessionCache = tls.NewLRUClientSessionCache(1)
	if _, err := connect(t, address, config); err != nil {
		t.Errorf("known authority: %v", err)
	}
	for name, config := range map[string]*tls.Config{"no certificate": a.client(t), "another authority": a.client(t, other)} {
		if _, err := connect(t, address, config); err == nil || !strings.Contains(err.Error(), "tls: ") {
			t.Errorf("%s: %v, want a rejection", name, err)
		}
	}
	set(t, &c, a, 2, other.PEM())
	if _, err := connect(t, address, config); err == nil {
		t.Error("removed authority: want a rejection")
	}
	if _, err := connect(t, address, a.client(t, other)); err != nil {
		t.Errorf("new authority: %v", err)
	}
}

func TestCertificates_RejectsTLSBelow12(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "a")
	var c auth.Certificates
	set(t, &c, a, 1, nil)
	address := serve(t, &c)
	for version, want := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		config := a.client(t)
		config.MinVersion, config.MaxVersion = version, version
		if _, err := connect(t, address, config); (err == nil) != want {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
	}
}

func TestCertificates_InvalidSetKeepsCurrent(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "a")
	good, another, expired := a.issue(t, 1, time.Hour), a.issue(t, 2, time.Hour), a.issue(t, 3, -time.Minute)
	early, err := a.IssueBetween("client", 4, time.Minute, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	var c auth.Certificates
	set(t, &c, a, 7, nil)
	before := c.Expiry()
	damaged := []byte("-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n")
	for _, f := range []struct {
		name                    string
		certificate, key, roots []byte
		message                 string
	}{
		{"no certificate", nil, good.Key, nil, "certificate"},
		{"key of another certificate", good.Certificate, another.Key, nil, "private key does not match"},
		{"not valid yet", early.Certificate, early.Key, nil, "not valid before 2"},
		{"expired", expired.Certificate, expired.Key, nil, "expired on 2"},
		{"truncated chain", append(good.Certificate[:len(good.Certificate):len(good.Certificate)], another.Certificate[:200]...), good.Key, nil, "only 1 of 2 certificates"},
		{"truncated authority", good.Certificate, good.Key, append(a.PEM(), a.PEM()[:200]...), "only 1 of 2 certificates"},
		{"malformed authority", good.Certificate, good.Key, append(a.PEM(), damaged...), "certificate 2: x509"},
		{"expired authority", good.Certificate, good.Key, newAuthorityWithLifetime(t, -time.Minute).PEM(), "client CA: the certificate has expired on 2"},
		{"no authority", good.Certificate, good.Key, []byte("nothing"), "no certificate in PEM"},
		{"empty authority", good.Certificate, good.Key, []byte{}, "no certificate in PEM"},
	} {
		if err := c.Set(f.certificate, f.key, f.roots); err == nil || !strings.Contains(err.Error(), f.message) {
			t.Errorf("%s: %v, want %q", f.name, err, f.message)
		}
	}
	if !c.Expiry().Equal(before) {
		t.Errorf("expiry %v, want still %v", c.Expiry(), before)
	}
	if conn, err := connect(t, serve(t, &c), a.client(t)); err != nil || serial(conn) != 7 {
		t.Errorf("%v, want the first certificate", err)
	}
}

// Expired authorities do not count.
func TestCertificates_ExpiryIsTheEarliest(t *testing.T) {
	t.Parallel()
	a, old := newAuthority(t, "a"), newAuthorityWithLifetime(t, -time.Minute)
	pair := a.issue(t, 1, time.Hour)
	for lifetime, want := range map[time.Duration]time.Duration{2 * time.Hour: time.Hour, time.Minute: time.Minute} {
		var c auth.Certificates
		if err := c.Set(pair.Certificate, pair.Key, append(old.PEM(), newAuthorityWithLifetime(t, lifetime).PEM()...)); err != nil {
			t.Fatal(err)
		}
		if left := time.Until(c.Expiry()); left > want || left < want-30*time.Second {
			t.Errorf("expires in %v, want %v", left, want)
		}
	}
}
