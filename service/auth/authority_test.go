package auth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/test/testca"
)

// An authority is a testca.Authority whose failures end the test.
type authority struct{ *testca.Authority }

func newAuthority(t *testing.T, name string) authority {
	t.Helper()
	a, err := testca.New(name)
	if err != nil {
		t.Fatal(err)
	}
	return authority{a}
}

func newAuthorityWithLifetime(t *testing.T, lifetime time.Duration) authority {
	t.Helper()
	a, err := testca.NewWithLifetime("short", lifetime)
	if err != nil {
		t.Fatal(err)
	}
	return authority{a}
}

func (a authority) issue(t *testing.T, serial int64, lifetime time.Duration) testca.Pair {
	t.Helper()
	pair, err := a.Issue("client", serial, lifetime)
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

// client returns a configuration that trusts the authority. With an issuer it has a client certificate.
func (a authority) client(t *testing.T, issuers ...authority) *tls.Config {
	t.Helper()
	var certificate *testca.Pair
	for _, issuer := range issuers {
		pair := issuer.issue(t, 99, time.Hour)
		certificate = &pair
	}
	config, err := a.Client(certificate)
	if err != nil {
		t.Fatal(err)
	}
	return config
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
