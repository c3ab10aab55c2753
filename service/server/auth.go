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
	"google.golang.org/grpc/tap"
)

// An Authenticator returns the client that a bearer token belongs to. Its errors never repeat the token.
type Authenticator func(token string) (client string, err error)

// authenticateGRPC authenticates a call before its stream exists. The auth interceptor of go-grpc-middleware would read
// the message first. Rates are limited later: an error from here cannot have grpc-retry-pushback-ms.
func (o *calls) authenticateGRPC(ctx context.Context, info *tap.Info) (context.Context, error) {
	client, err := o.identifyGRPC(ctx, info.FullMethodName)
	if err != nil {
		o.log.call(ctx, info.FullMethodName, 0, err)
		return ctx, err
	}
	return withClient(ctx, client), nil
}

// identifyGRPC returns the client of a call, empty for health checks, which need no authentication.
func (o *calls) identifyGRPC(ctx context.Context, method string) (client string, err error) {
	if o.isOpen() || isHealth(method) {
		return "", nil
	}
	var state *tls.ConnectionState
	var address string
	if from, ok := peer.FromContext(ctx); ok {
		address = from.Addr.String()
		if info, ok := from.AuthInfo.(credentials.TLSInfo); ok {
			state = &info.State
		}
	}
	return o.identify(ctx, metadata.ValueFromIncomingContext(ctx, "authorization"), state, address)
}

// authenticateREST authenticates a request, and returns it with its client. Probes need no authentication.
func (o *calls) authenticateREST(r *http.Request) (*http.Request, error) {
	if o.isOpen() || isProbePath(r.URL.Path) {
		return r, nil
	}
	client, err := o.identify(r.Context(), r.Header.Values("Authorization"), r.TLS, r.RemoteAddr)
	if err != nil {
		return r, err
	}
	return r.WithContext(withClient(r.Context(), client)), nil
}

// isOpen reports whether clients need no name.
func (o *calls) isOpen() bool { return o.authenticate == nil && o.rates == nil }

// identify names a client by its token, else by its certificate, else by its address.
func (o *calls) identify(ctx context.Context, authorization []string, state *tls.ConnectionState, address string) (client string, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = o.panicked(ctx, fault)
		}
	}()
	switch {
	case o.authenticate != nil:
		client, err = o.verify(authorization)
		return "token:" + client, err
	case state != nil && len(state.PeerCertificates) > 0:
		return "certificate:" + nameOf(state.PeerCertificates[0]), nil
	}
	return "address:" + hostOf(address), nil
}

func (o *calls) verify(authorization []string) (client string, err error) {
	if len(authorization) != 1 {
		return "", o.unauthenticated("exactly one authorization header is needed")
	}
	scheme, token, _ := strings.Cut(authorization[0], " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", o.unauthenticated("the authorization header is no Bearer token")
	}
	if client, err = o.authenticate(token); err != nil {
		return "", o.unauthenticated(err.Error())
	}
	return client, nil
}

func (o *calls) unauthenticated(message string) error {
	o.metrics.unauthenticated.Inc()
	return o.errors.of(codes.Unauthenticated, unauthenticated, message)
}

type clientKey struct{}

func withClient(ctx context.Context, client string) context.Context {
	if client == "" {
		return ctx
	}
	return context.WithValue(ctx, clientKey{}, client)
}

// clientOf returns the client of a call, empty without authentication and rate limit.
func clientOf(ctx context.Context) string {
	client, _ := ctx.Value(clientKey{}).(string)
	return client
}

// nameOf names a certificate: by its subject, else by its first other name, such as a mesh's SPIFFE ID, else by its
// issuer and serial number.
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

// hostOf returns an address without its port; of IPv6 the /64 network, which is what one client has.
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
