package auth_test

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/auth"
)

func TestByToken_RequiresOneBearerToken(t *testing.T) {
	t.Parallel()
	var tokens auth.Tokens
	if err := tokens.SetStatic(fmt.Appendf(nil, "invoicing sha256:%x\n", sha256.Sum256([]byte("secret")))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		headers []string
		client  string
		message string
	}{
		{"no header", nil, "", "exactly one authorization header"},
		{"two headers", []string{"Bearer secret", "Bearer secret"}, "", "exactly one authorization header"},
		{"unknown token", []string{"Bearer other"}, "", "not known"},
		{"another scheme", []string{"Basic secret"}, "", "no Bearer token"},
		{"empty token", []string{"Bearer "}, "", "no Bearer token"},
		{"known token", []string{"Bearer secret"}, "token:invoicing", ""},
		{"scheme in lower case", []string{"bearer secret"}, "token:invoicing", ""},
	} {
		client, err := tokens.ByToken(auth.Caller{Authorization: c.headers})
		if c.message == "" && (err != nil || client != c.client) {
			t.Errorf("%s: %q, %v, want %q", c.name, client, err, c.client)
		}
		if c.message != "" && (err == nil || !strings.Contains(err.Error(), c.message) || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%s: %v, want %q without the token", c.name, err, c.message)
		}
	}
}

func TestByConnection_NamesCertificateOrNetwork(t *testing.T) {
	t.Parallel()
	spiffe, err := url.Parse("spiffe://mesh.test/ns/a/sa/b")
	if err != nil {
		t.Fatal(err)
	}
	issuer := pkix.Name{CommonName: "authority"}
	for _, c := range []struct {
		address     string
		certificate *x509.Certificate
		want        string
	}{
		{"192.0.2.7:1234", nil, "address:192.0.2.7"},
		{"[2001:db8:1:2:3:4:5:6]:1234", nil, "address:2001:db8:1:2::"},
		{"", nil, "address:"},
		{"192.0.2.7:1", &x509.Certificate{Subject: pkix.Name{CommonName: "client"}, DNSNames: []string{"client.test"}}, "certificate:CN=client"},
		{"192.0.2.7:1", &x509.Certificate{URIs: []*url.URL{spiffe}, DNSNames: []string{"client.test"}}, "certificate:spiffe://mesh.test/ns/a/sa/b"},
		{"192.0.2.7:1", &x509.Certificate{DNSNames: []string{"client.test", "other.test"}}, "certificate:client.test"},
		{"192.0.2.7:1", &x509.Certificate{EmailAddresses: []string{"a@client.test"}}, "certificate:a@client.test"},
		{"192.0.2.7:1", &x509.Certificate{Issuer: issuer, SerialNumber: big.NewInt(7)}, "certificate:CN=authority 7"},
	} {
		caller := auth.Caller{Address: c.address}
		if c.certificate != nil {
			caller.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{c.certificate}}
		}
		if got, err := auth.ByConnection(caller); err != nil || got != c.want {
			t.Errorf("%s: %q, %v, want %q", c.address, got, err, c.want)
		}
	}
}
