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

// serve answers every byte with the same, over TLS.
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

// connect shakes hands and has a byte answered: a client learns only then that its certificate is refused.
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
	answer := make([]byte, 1)
	_, wrote := conn.Write([]byte("x"))
	_, read := io.ReadFull(conn, answer)
	return errors.Join(wrote, read)
}

func serial(conn *tls.Conn) int64 {
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

func use(t *testing.T, c *auth.Certificates, a authority, serial int64, clients []byte) {
	t.Helper()
	pair := a.issue(t, serial, time.Hour)
	if err := c.Use(pair.Certificate, pair.Key, clients); err != nil {
		t.Fatal(err)
	}
}

// A new certificate is shown from the next handshake on, and no connection is dropped for it.
func TestNewCertificateIsShown(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "a")
	var c auth.Certificates
	use(t, &c, a, 1, nil)
	address := serve(t, &c)
	first, err := connect(t, address, a.client(t))
	if err != nil || serial(first) != 1 {
		t.Fatalf("%v, serial %d", err, serial(first))
	}
	use(t, &c, a, 2, nil)
	if err := echo(first); err != nil {
		t.Errorf("connection from before: %v", err)
	}
	second, err := connect(t, address, a.client(t))
	if err != nil || serial(second) != 2 {
		t.Errorf("%v, serial %d, want 2", err, serial(second))
	}
}

// Whose authority is not asked for any more is not served any more, with a ticket from before or without.
func TestAuthoritiesOfClients(t *testing.T) {
	t.Parallel()
	a, old, other := newAuthority(t, "a"), newAuthority(t, "old"), newAuthority(t, "other")
	var c auth.Certificates
	use(t, &c, a, 1, old.PEM())
	address := serve(t, &c)
	config := a.client(t, old)
	config.ClientSessionCache = tls.NewLRUClientSessionCache(1)
	if _, err := connect(t, address, config); err != nil {
		t.Errorf("known authority: %v", err)
	}
	for name, config := range map[string]*tls.Config{"no certificate": a.client(t), "another authority": a.client(t, other)} {
		if _, err := connect(t, address, config); err == nil || !strings.Contains(err.Error(), "tls: ") {
			t.Errorf("%s: %v, want to be refused", name, err)
		}
	}
	use(t, &c, a, 2, other.PEM())
	if _, err := connect(t, address, config); err == nil {
		t.Error("authority of before: want to be refused")
	}
	if _, err := connect(t, address, a.client(t, other)); err != nil {
		t.Errorf("new authority: %v", err)
	}
}

func TestOldVersionsOfTLSAreRefused(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "a")
	var c auth.Certificates
	use(t, &c, a, 1, nil)
	address := serve(t, &c)
	for version, want := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		config := a.client(t)
		config.MinVersion, config.MaxVersion = version, version
		if _, err := connect(t, address, config); (err == nil) != want {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
	}
}

// What is not whole is refused, and what was there stays.
func TestFaultyCertificatesAreRefused(t *testing.T) {
	t.Parallel()
	a := newAuthority(t, "a")
	good, another, expired := a.issue(t, 1, time.Hour), a.issue(t, 2, time.Hour), a.issue(t, 3, -time.Minute)
	early, err := a.IssueFrom("somebody", 4, time.Minute, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	var c auth.Certificates
	use(t, &c, a, 7, nil)
	before := c.Expiry()
	damaged := []byte("-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n")
	for _, f := range []struct {
		name                    string
		certificate, key, roots []byte
		says                    string
	}{
		{"no certificate", nil, good.Key, nil, "certificate"},
		{"key of another", good.Certificate, another.Key, nil, "private key does not match"},
		{"not valid yet", early.Certificate, early.Key, nil, "not valid before 2"},
		{"expired", expired.Certificate, expired.Key, nil, "expired on 2"},
		{"chain that is cut off", append(good.Certificate[:len(good.Certificate):len(good.Certificate)], another.Certificate[:200]...), good.Key, nil, "2 certificates begin and 1 of them"},
		{"authority that is cut off", good.Certificate, good.Key, append(a.PEM(), a.PEM()[:200]...), "2 certificates begin and 1 of them"},
		{"authority that is damaged", good.Certificate, good.Key, append(a.PEM(), damaged...), "certificate 2: x509"},
		{"authority that has ended", good.Certificate, good.Key, newAuthorityLasting(t, -time.Minute).PEM(), "authorities: the certificate has expired on 2"},
		{"no authority", good.Certificate, good.Key, []byte("nothing"), "no certificate in PEM"},
		{"empty authority", good.Certificate, good.Key, []byte{}, "no certificate in PEM"},
	} {
		if err := c.Use(f.certificate, f.key, f.roots); err == nil || !strings.Contains(err.Error(), f.says) {
			t.Errorf("%s: %v, want %q", f.name, err, f.says)
		}
	}
	if !c.Expiry().Equal(before) {
		t.Errorf("expiry %v, want that of before, %v", c.Expiry(), before)
	}
	if conn, err := connect(t, serve(t, &c), a.client(t)); err != nil || serial(conn) != 7 {
		t.Errorf("%v, want the certificate of before", err)
	}
}

// Operators see what ends first; an old authority may stand beside its successor.
func TestExpiryIsOfWhatEndsFirst(t *testing.T) {
	t.Parallel()
	a, old := newAuthority(t, "a"), newAuthorityLasting(t, -time.Minute)
	pair := a.issue(t, 1, time.Hour)
	for lasts, want := range map[time.Duration]time.Duration{2 * time.Hour: time.Hour, time.Minute: time.Minute} {
		var c auth.Certificates
		if err := c.Use(pair.Certificate, pair.Key, append(old.PEM(), newAuthorityLasting(t, lasts).PEM()...)); err != nil {
			t.Fatal(err)
		}
		if left := time.Until(c.Expiry()); left > want || left < want-30*time.Second {
			t.Errorf("ends in %v, want %v", left, want)
		}
	}
}
