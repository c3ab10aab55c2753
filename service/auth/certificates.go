// Package auth authenticates the server and its clients: TLS certificates and bearer tokens. Its values are set from the
// contents of files. A new value is validated completely, then it replaces the current one atomically. Handshakes and calls in
// progress keep the value they began with. The package reads no files.
//
//	var c auth.Certificates
//	err := c.Set(certificate, key, clientCAs)
//	config := c.Config() // of a server; it follows every later Set
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

// Certificates are a server's certificate and the authorities of its clients. The zero value has none.
type Certificates struct {
	current atomic.Pointer[certificateState]
}

type certificateState struct {
	config   *tls.Config
	notAfter time.Time
}

// Set sets the certificate with its chain, its key and the authorities of clients, all in PEM. If clientCAs is nil, clients
// need no certificate; empty is an error. On an error the current values stay in use.
func (c *Certificates) Set(certificate, key, clientCAs []byte) error {
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return err
	}
	if _, err := parsePEM(certificate); err != nil {
		return err
	}
	if err := checkValidity(pair.Leaf); err != nil {
		return err
	}
	state := &certificateState{&tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}, pair.Leaf.NotAfter}
	if clientCAs != nil {
		state.config.ClientAuth = tls.RequireAndVerifyClientCert
		state.config.SessionTicketsDisabled = true // a ticket would outlive the client's authority
		if err := state.setClientCAs(clientCAs); err != nil {
			return fmt.Errorf("client CA: %w", err)
		}
	}
	c.current.Store(state)
	return nil
}

// checkValidity returns an error unless a certificate is valid now.
func checkValidity(c *x509.Certificate) error {
	switch now := time.Now(); {
	case now.After(c.NotAfter):
		return fmt.Errorf("the certificate has expired on %s", c.NotAfter.Format(time.RFC3339))
	case now.Before(c.NotBefore):
		return fmt.Errorf("the certificate is not valid before %s", c.NotBefore.Format(time.RFC3339))
	}
	return nil
}

// setClientCAs sets the authorities of clients. During a rotation some may have expired, but one must be valid.
func (s *certificateState) setClientCAs(text []byte) error {
	authorities, err := parsePEM(text)
	if err == nil && len(authorities) == 0 {
		err = errors.New("no certificate in PEM")
	}
	if err != nil {
		return err
	}
	s.config.ClientCAs = x509.NewCertPool()
	var errs []error
	for _, authority := range authorities {
		s.config.ClientCAs.AddCert(authority)
		if err := checkValidity(authority); err != nil {
			errs = append(errs, err)
		} else if authority.NotAfter.Before(s.notAfter) {
			s.notAfter = authority.NotAfter
		}
	}
	if len(errs) == len(authorities) {
		return errs[0]
	}
	return nil
}

// parsePEM parses all certificates of a PEM file. Unlike x509.CertPool.AppendCertsFromPEM, it rejects a file with a malformed
// certificate.
func parsePEM(text []byte) (list []*x509.Certificate, err error) {
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
		return nil, fmt.Errorf("only %d of %d certificates can be parsed", len(list), begun)
	}
	return list, nil
}

// certificateType is the label of a certificate in PEM (RFC 7468, section 5).
const certificateType = "CERTIFICATE"

// Config returns a server configuration. Each handshake uses the current values.
func (c *Certificates) Config() *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return c.current.Load().config, nil },
	}
}

// Expiry returns when the server's certificate or the first valid authority of clients expires, whichever is sooner. It
// returns the zero time if no certificate is set.
func (c *Certificates) Expiry() time.Time {
	if state := c.current.Load(); state != nil {
		return state.notAfter
	}
	return time.Time{}
}
