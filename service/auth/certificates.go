// Package auth knows who is who: the certificates that the server shows and asks for, and the tokens of its callers. It is
// handed the content of files, checks it whole, and swaps what it has for it; what is in use never changes under a handshake or
// a call.
//
//	var c auth.Certificates
//	err := c.Use(certificate, key, clientCAs)
//	config := c.Config() // of a server; it follows every later Use
package auth

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// Certificates are what a server shows, and whose certificates it takes of its clients. The zero value has none.
type Certificates struct {
	current atomic.Pointer[inUse]
}

type inUse struct {
	config *tls.Config
	ends   time.Time
}

// Use takes a certificate with its chain, its key and the authorities of clients, all in PEM. Where the authorities are nil nobody
// needs a certificate but the server; where they are empty it is an error. If anything is wrong it says so, and what was there stays.
func (c *Certificates) Use(certificate, key, clientCAs []byte) error {
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return err
	}
	if _, err := readAll(certificate); err != nil {
		return err
	}
	if err := valid(pair.Leaf); err != nil {
		return err
	}
	use := &inUse{&tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}, pair.Leaf.NotAfter}
	if clientCAs != nil {
		use.config.ClientAuth = tls.RequireAndVerifyClientCert
		use.config.SessionTicketsDisabled = true // a ticket would outlive the authority that vouched for its client
		if err := use.trust(clientCAs); err != nil {
			return fmt.Errorf("the file of client authorities: %w", err)
		}
	}
	c.current.Store(use)
	return nil
}

// valid tells whether a certificate can be used now.
func valid(c *x509.Certificate) error {
	switch now := time.Now(); {
	case now.After(c.NotAfter):
		return fmt.Errorf("the certificate has expired on %s", c.NotAfter.Format(time.RFC3339))
	case now.Before(c.NotBefore):
		return fmt.Errorf("the certificate is not valid before %s", c.NotBefore.Format(time.RFC3339))
	}
	return nil
}

// trust takes the authorities of clients. An old one may stand beside its successor, but one has to be valid, or no client is.
func (u *inUse) trust(text []byte) error {
	authorities, err := readAll(text)
	if err == nil && len(authorities) == 0 {
		err = errors.New("it has no certificate in PEM")
	}
	if err != nil {
		return err
	}
	u.config.ClientCAs = x509.NewCertPool()
	var faults []error
	for _, authority := range authorities {
		u.config.ClientCAs.AddCert(authority)
		if err := valid(authority); err != nil {
			faults = append(faults, err)
		} else if authority.NotAfter.Before(u.ends) {
			u.ends = authority.NotAfter
		}
	}
	if len(faults) == len(authorities) {
		return faults[0]
	}
	return nil
}

// readAll reads all certificates of a file in PEM. The standard library passes over those that it cannot read, and nobody would know
// why an authority is not there.
func readAll(text []byte) (list []*x509.Certificate, err error) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != certificateType {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate %d: %w", len(list)+1, err)
		}
		list = append(list, certificate)
	}
	if begun := bytes.Count(text, []byte("-----BEGIN "+certificateType)); begun > len(list) {
		return nil, fmt.Errorf("%d certificates begin and %d of them can be read", begun, len(list))
	}
	return list, nil
}

// certificateType is what PEM calls a certificate (RFC 7468, section 5).
const certificateType = "CERTIFICATE"

// Config is that of a server that shows what was used last, from one handshake to the next.
func (c *Certificates) Config() *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return c.current.Load().config, nil },
	}
}

// Expiry is when the certificate ends, or an authority of clients that ends sooner; the zero time where there is none.
func (c *Certificates) Expiry() time.Time {
	if use := c.current.Load(); use != nil {
		return use.ends
	}
	return time.Time{}
}
