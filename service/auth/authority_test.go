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

// An authority issues certificates for a test, which ends where that fails.
type authority struct{ *testca.Authority }

func newAuthority(t *testing.T, name string) authority {
	t.Helper()
	a, err := testca.New(name)
	if err != nil {
		t.Fatal(err)
	}
	return authority{a}
}

func newAuthorityLasting(t *testing.T, lasts time.Duration) authority {
	t.Helper()
	a, err := testca.NewLasting("short", lasts)
	if err != nil {
		t.Fatal(err)
	}
	return authority{a}
}

func (a authority) issue(t *testing.T, serial int64, lasts time.Duration) testca.Pair {
	t.Helper()
	pair, err := a.Issue("somebody", serial, lasts)
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

// client trusts the authority and shows a certificate that somebody has issued, if any.
func (a authority) client(t *testing.T, issuers ...authority) *tls.Config {
	t.Helper()
	var shown *testca.Pair
	for _, issuer := range issuers {
		pair := issuer.issue(t, 99, time.Hour)
		shown = &pair
	}
	config, err := a.Client(shown)
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
