// Package identity knows who is who: the certificates that the server shows and asks for, and the tokens of its callers. It is
// handed the content of files, checks it whole, and swaps what it has for it; what is in use never changes under a handshake or
// a call.
//
//	var c identity.Certificates
//	err := c.Use(certificate, key, clientCAs)
//	config := c.Config() // of a server; it follows every later Use
package identity

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// Certificates are what a server shows, and whose certificates it takes of its clients. The zero value has none.
type Certificates struct {
	current atomic.Pointer[tls.Config]
}

// Use takes a certificate with its chain, its key and the authorities of clients, all in PEM. Without authorities nobody needs a
// certificate but the server. If anything is wrong it says so, and what was there stays.
func (c *Certificates) Use(certificate, key, clientCAs []byte) error {
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return err
	}
	if now := time.Now(); now.After(pair.Leaf.NotAfter) {
		return fmt.Errorf("the certificate has expired on %s", pair.Leaf.NotAfter.Format(time.RFC3339))
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}
	if clientCAs != nil {
		config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, x509.NewCertPool()
		config.SessionTicketsDisabled = true // a ticket would outlive the authority that vouched for its client
		if !config.ClientCAs.AppendCertsFromPEM(clientCAs) {
			return errors.New("the file of client authorities has no certificate in PEM")
		}
	}
	c.current.Store(config)
	return nil
}

// Config is that of a server that shows what was used last, from one handshake to the next.
func (c *Certificates) Config() *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return c.current.Load(), nil },
	}
}

// Expiry is when the certificate ends; the zero time where there is none.
func (c *Certificates) Expiry() time.Time {
	if config := c.current.Load(); config != nil {
		return config.Certificates[0].Leaf.NotAfter
	}
	return time.Time{}
}
