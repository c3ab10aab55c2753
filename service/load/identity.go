package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"time"
)

// loopback is the address that all servers listen on, at a port that is free.
const loopback = "127.0.0.1:0"

// An identity is a certificate for the loopback address, which vouches for itself, and its key, both in DER.
type identity struct{ Certificate, Key []byte }

// newIdentity makes an identity for a day.
func newIdentity() (identity, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return identity{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "load"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return identity{}, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return identity{certificate, der}, err
}

// server is how a server shows the identity.
func (i *identity) server() (*tls.Config, error) {
	key, err := x509.ParsePKCS8PrivateKey(i.Key)
	if err != nil {
		return nil, err
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{i.Certificate}, PrivateKey: key}}}, nil
}

// client is how a client trusts the identity and nobody else.
func (i *identity) client() (*tls.Config, error) {
	certificate, err := x509.ParseCertificate(i.Certificate)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(certificate)
	return &tls.Config{RootCAs: roots, ServerName: "127.0.0.1"}, nil
}
