package auth

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"slices"
	"strings"
)

// A Caller is the evidence of a call's client.
type Caller struct {
	Authorization []string             // values of the header
	TLS           *tls.ConnectionState // nil without TLS
	Address       string               // host and port
}

// ByToken returns the client of a bearer token (RFC 6750). Its errors never contain the token.
func (t *Tokens) ByToken(c Caller) (client string, err error) {
	if len(c.Authorization) != 1 {
		return "", errors.New("need exactly one authorization header")
	}
	scheme, token, _ := strings.Cut(c.Authorization[0], " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", errors.New("the Authorization header has no Bearer token")
	}
	client, err = t.Client(token)
	return "token:" + client, err
}

// ByConnection returns the client of a TLS certificate, else of an address.
func ByConnection(c Caller) (client string, err error) {
	if c.TLS != nil && len(c.TLS.PeerCertificates) > 0 {
		return "certificate:" + certificateName(c.TLS.PeerCertificates[0]), nil
	}
	return "address:" + clientNetwork(c.Address), nil
}

// certificateName returns the subject of a certificate, else its first alternative name, such as a mesh's SPIFFE ID, else
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

// clientNetwork returns an address without its port. For IPv6 it returns the /64 prefix, because one client has all of it.
func clientNetwork(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(host); ip != nil && ip.To4() == nil {
		return ip.Mask(net.CIDRMask(64, 128)).String()
	}
	return host
}
