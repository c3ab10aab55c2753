package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"slices"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
)

// An Authenticator finds out whose bearer token it is. Its errors say what is wrong with the token and never repeat it.
type Authenticator func(token string) (client string, err error)

// A gate lets in the calls of known clients, each at its rate.
type gate struct {
	failure
	authenticate Authenticator // nil lets everybody in
	rates        *rates        // nil lets everybody call as often as they like
	metrics      *metrics
}

// open tells whether there is nothing to check.
func (g *gate) open() bool { return g.authenticate == nil && g.rates == nil }

// identifyGRPC says who calls over gRPC. Health is for everybody, who has no name there.
func (g *gate) identifyGRPC(ctx context.Context, method string) (client string, err error) {
	if g.open() || isHealth(method) {
		return "", nil
	}
	var state *tls.ConnectionState
	from, _ := peer.FromContext(ctx)
	if from == nil {
		from = &peer.Peer{}
	}
	if info, ok := from.AuthInfo.(credentials.TLSInfo); ok {
		state = &info.State
	}
	return g.identify(metadata.ValueFromIncomingContext(ctx, "authorization"), state, peerOf(ctx))
}

// passREST checks a request of the HTTP port, and says whose it is. Probes are for everybody, who has no name there.
func (g *gate) passREST(r *http.Request) (client string, err error) {
	if g.open() || isProbePath(r.URL.Path) {
		return "", nil
	}
	if client, err = g.identify(r.Header.Values("Authorization"), r.TLS, r.RemoteAddr); err != nil {
		return "", err
	}
	return client, g.paced(client)
}

type clientKey struct{}

// withClient has the log know whose call it is.
func withClient(ctx context.Context, client string) context.Context {
	if client == "" {
		return ctx
	}
	return context.WithValue(ctx, clientKey{}, client)
}

// clientOf is whose call it is, as rates go by it; empty where nobody asks.
func clientOf(ctx context.Context) string {
	client, _ := ctx.Value(clientKey{}).(string)
	return client
}

// identify finds out who a client is: by its token, else by its certificate, else by its address.
func (g *gate) identify(authorization []string, state *tls.ConnectionState, address string) (client string, err error) {
	switch {
	case g.authenticate != nil:
		client, err = g.authenticated(authorization)
		return "token:" + client, err
	case state != nil && len(state.PeerCertificates) > 0:
		return "certificate:" + nameOf(state.PeerCertificates[0]), nil
	}
	return "address:" + hostOf(address), nil
}

func (g *gate) authenticated(authorization []string) (client string, err error) {
	if len(authorization) != 1 {
		return "", g.unauthenticated("exactly one authorization header is needed")
	}
	scheme, token, _ := strings.Cut(authorization[0], " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", g.unauthenticated("the authorization header is no Bearer token")
	}
	if client, err = g.authenticate(token); err != nil {
		return "", g.unauthenticated(err.Error())
	}
	return client, nil
}

func (g *gate) unauthenticated(message string) error {
	g.metrics.unauthenticated.Inc()
	return g.of(codes.Unauthenticated, "UNAUTHENTICATED", message)
}

// nameOf is whose certificate it is: its subject, else the first of its other names, which is where meshes have theirs (SPIFFE), else
// its serial number, which its issuer gives only once.
func nameOf(c *x509.Certificate) string {
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

// hostOf is an address without its port. Of IPv6 it is the network, which is what one client has.
func hostOf(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(host); ip != nil && ip.To4() == nil {
		return ip.Mask(net.CIDRMask(64, 128)).String()
	}
	return host
}
