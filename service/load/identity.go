package main

import (
	"crypto/tls"
	"crypto/x509"
	"time"

	"github.com/cbcerr/cbcerr/service/testca"
)

// loopback is the address that all servers listen on, at a port that is free.
const loopback = "127.0.0.1:0"

// An identity is what the servers of a run show, and the authority that its clients trust, in PEM.
type identity struct {
	Authority []byte
	Shown     testca.Pair
}

// newIdentity makes an identity for a day.
func newIdentity() (i identity, err error) {
	authority, err := testca.New("load")
	if err != nil {
		return i, err
	}
	i.Authority = authority.PEM()
	i.Shown, err = authority.Issue("load", 2, 24*time.Hour)
	return i, err
}

// server is how a server shows the identity.
func (i *identity) server() (*tls.Config, error) {
	pair, err := tls.X509KeyPair(i.Shown.Certificate, i.Shown.Key)
	return &tls.Config{Certificates: []tls.Certificate{pair}}, err
}

// client is how a client trusts the identity and nobody else.
func (i *identity) client() *tls.Config {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(i.Authority)
	return &tls.Config{RootCAs: roots, ServerName: "localhost"}
}
