package testca_test

import (
	"crypto/tls"
	"crypto/x509"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/test/testca"
)

// An authority's client takes what the authority has issued and what has not ended, and nothing else.
func TestClientTakesWhatItsAuthorityIssued(t *testing.T) {
	t.Parallel()
	own, other := authority(t, "own"), authority(t, "other")
	for name, c := range map[string]struct {
		issuer *testca.Authority
		lasts  time.Duration
		taken  bool
	}{
		"its authority's": {own, time.Hour, true},
		"a stranger's":    {other, time.Hour, false},
		"one that ended":  {own, -time.Minute, false},
	} {
		pair, err := c.issuer.Issue("server", 7, c.lasts)
		if err != nil {
			t.Fatal(err)
		}
		config, err := own.Client(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := verify(t, pair, config); (err == nil) != c.taken {
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

// verify does what a client does with a certificate that it is shown.
func verify(t *testing.T, shown testca.Pair, client *tls.Config) error {
	t.Helper()
	pair, err := tls.X509KeyPair(shown.Certificate, shown.Key)
	if err != nil {
		t.Fatal(err)
	}
	_, err = pair.Leaf.Verify(x509.VerifyOptions{Roots: client.RootCAs, DNSName: client.ServerName})
	return err
}
