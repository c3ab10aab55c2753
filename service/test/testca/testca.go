// Package testca is an authority for certificates, for tests and for programs that try a daemon. Its certificates are for this
// machine's own address and last for hours; nothing of it is shipped.
//
//	ca, err := testca.New("somebody")
//	pair, err := ca.Issue("server", 1, time.Hour)
package testca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// An Authority issues certificates.
type Authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// A Pair is a certificate and its key, both in PEM.
type Pair struct{ Certificate, Key []byte }

// margin is how long before now certificates begin, and how long after it an authority lasts.
const margin = 24 * time.Hour

// New is an authority for a day.
func New(name string) (*Authority, error) { return NewLasting(name, margin) }

// NewLasting is an authority that ends after a time, which may have passed.
func NewLasting(name string, lasts time.Duration) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-margin), NotAfter: time.Now().Add(lasts),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return &Authority{certificate, key}, err
}

// Issue makes a certificate of localhost and 127.0.0.1, for servers and clients, that ends after a time, which may have passed.
func (a *Authority) Issue(name string, serial int64, lasts time.Duration) (Pair, error) {
	return a.IssueFrom(name, serial, -margin, lasts)
}

// IssueFrom makes one that begins after a time, too.
func (a *Authority) IssueFrom(name string, serial int64, begins, lasts time.Duration) (Pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Pair{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name},
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		NotBefore: time.Now().Add(begins), NotAfter: time.Now().Add(lasts),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return Pair{}, err
	}
	return pair(der, key)
}

// Own is the authority's own certificate, which no client should be able to show.
func (a *Authority) Own() (Pair, error) { return pair(a.certificate.Raw, a.key) }

// PEM is the authority's certificate alone.
func (a *Authority) PEM() []byte { return block("CERTIFICATE", a.certificate.Raw) }

// Client is a client's configuration that trusts the authority and shows a certificate, whoever has issued that. Without one it
// shows none.
func (a *Authority) Client(shown *Pair) (*tls.Config, error) {
	config := &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "localhost"}
	config.RootCAs.AddCert(a.certificate)
	if shown == nil {
		return config, nil
	}
	own, err := tls.X509KeyPair(shown.Certificate, shown.Key)
	// as a function it is shown even where the server has named other authorities
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &own, nil }
	return config, err
}

func pair(certificate []byte, key *ecdsa.PrivateKey) (Pair, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return Pair{block("CERTIFICATE", certificate), block("PRIVATE KEY", der)}, err
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
