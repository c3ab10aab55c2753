package testca_test

import (
	"crypto/tls"
	"crypto/x509"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/test/testca"
)

func TestClient_TrustsValidCertificatesOfAuthority(t *testing.T) {
	t.Parallel()
	own, other := authority(t, "own"), authority(t, "other")
	for name, c := range map[string]struct {
		issuer   *testca.Authority
		lifetime time.Duration
		trusted  bool
	}{
		"certificate of the authority":     {own, time.Hour, true},
		"certificate of another authority": {other, time.Hour, false},
		"expired certificate":              {own, -time.Minute, false},
	} {
		pair, err := c.issuer.Issue("server", 7, c.lifetime)
		if err != nil {
			t.Fatal(err)
		}
		config, err := own.Client(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := verify(t, pair, config); (err == nil) != c.trusted {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func authority(t *testing.T, name string) *testca.Authority {
	t.Helper()
	a, err := testca.New(name)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// verify verifies a server certificate like a client.
func verify(t *testing.T, certificate testca.Pair, client *tls.Config) error {
	t.Helper()
	pair, err := tls.X509KeyPair(certificate.Certificate, certificate.Key)
	if err != nil {
		t.Fatal(err)
	}
	_, err = pair.Leaf.Verify(x509.VerifyOptions{Roots: client.RootCAs, DNSName: client.ServerName})
	return err
}
