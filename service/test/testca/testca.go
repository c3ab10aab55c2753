// Package testca is a certificate authority for tests. Its certificates are for localhost and 127.0.0.1, and valid for hours.
//
//	ca, err := testca.New("authority")
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

// margin is how long certificates have been valid, and how long an authority stays valid.
const margin = 24 * time.Hour

// New returns an authority that is valid for a day.
func New(name string) (*Authority, error) { return NewWithLifetime(name, margin) }

// NewWithLifetime returns an authority that expires after the lifetime. A negative lifetime makes an expired one.
func NewWithLifetime(name string, lifetime time.Duration) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-margin), NotAfter: time.Now().Add(lifetime),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return &Authority{certificate, key}, err
}

// Issue returns a certificate for servers and clients that expires after the lifetime. A negative lifetime makes an expired one.
func (a *Authority) Issue(name string, serial int64, lifetime time.Duration) (Pair, error) {
	return a.IssueBetween(name, serial, -margin, lifetime)
}

// IssueBetween is like Issue with both ends of the validity, relative to now.
func (a *Authority) IssueBetween(name string, serial int64, notBefore, notAfter time.Duration) (Pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Pair{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name},
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		NotBefore: time.Now().Add(notBefore), NotAfter: time.Now().Add(notAfter),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return Pair{}, err
	}
	return pair(der, key)
}

// PEM returns the authority's certificate.
func (a *Authority) PEM() []byte { return block("CERTIFICATE", a.certificate.Raw) }

// Client returns a client configuration that trusts the authority. The client certificate may be nil, or of another authority.
func (a *Authority) Client(certificate *Pair) (*tls.Config, error) {
	config := &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "localhost"}
	config.RootCAs.AddCert(a.certificate)
	if certificate == nil {
		return config, nil
	}
	pair, err := tls.X509KeyPair(certificate.Certificate, certificate.Key)
	// unlike Certificates, it is sent even if the server asks for other authorities
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
	return config, err
}

func pair(certificate []byte, key *ecdsa.PrivateKey) (Pair, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return Pair{block("CERTIFICATE", certificate), block("PRIVATE KEY", der)}, err
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
