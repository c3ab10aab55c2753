package auth

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"slices"
	"strings"
)

// A Caller is what a call shows of its client.
type Caller struct {
	Authorization []string             // values of the header
	TLS           *tls.ConnectionState // nil without TLS
	Address       string               // host and port
}

// ByToken names a client by its bearer token (RFC 6750). The errors never repeat the token.
func (t *Tokens) ByToken(c Caller) (client string, err error) {
	if len(c.Authorization) != 1 {
		return "", errors.New("exactly one authorization header is needed")
	}
	scheme, token, _ := strings.Cut(c.Authorization[0], " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", errors.New("the authorization header is no Bearer token")
	}
	client, err = t.Client(token)
	return "token:" + client, err
}

// ByConnection names a client by its certificate, else by its address.
func ByConnection(c Caller) (client string, err error) {
	if c.TLS != nil && len(c.TLS.PeerCertificates) > 0 {
		return "certificate:" + certificateName(c.TLS.PeerCertificates[0]), nil
	}
	return "address:" + network(c.Address), nil
}

// certificateName names a certificate: by its subject, else by its first other name, such as a mesh's SPIFFE ID, else by
// its issuer and serial number.
func certificateName(c *x509.Certificate) string {
	if subject := c.Subject.String(); subject != "" {
		return subject
	}
	for _, uri := range c.URIs {
		return uri.String()
	}
	for _, name := range slices.Concat(c.DNSNames, c.EmailAddresses) {
		return name
	}
	return c.Issuer.String() + " " + c.SerialNumber.String()
}

// network returns an address without its port. For IPv6 it is the /64 prefix, which is what one client has.
func network(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(host); ip != nil && ip.To4() == nil {
		return ip.Mask(net.CIDRMask(64, 128)).String()
	}
	return host
}
