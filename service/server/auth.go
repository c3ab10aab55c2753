package server

import (
	"context"
	"net/http"

	"github.com/cbcerr/cbcerr/service/auth"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/tap"
)

// An Authenticator returns the name of a call's client.
type Authenticator func(auth.Caller) (client string, err error)

// admit authenticates a call, and refuses an unknown method, before the stream exists. The auth interceptor of
// go-grpc-middleware would read the message first. Rates are limited later: an error from here cannot have
// grpc-retry-pushback-ms.
func (o *calls) admit(ctx context.Context, info *tap.Info) (context.Context, error) {
	client, err := o.identifyGRPC(ctx, info.FullMethodName)
	if err == nil && !o.metrics.methods[info.FullMethodName] {
		err = o.errors.of(codes.Unimplemented, methodNotFound, "no method "+quoted(info.FullMethodName))
	}
	if err != nil {
		o.log.call(ctx, info.FullMethodName, 0, err)
		return ctx, err
	}
	return withClient(ctx, client), nil
}

// identifyGRPC returns the client of a call, empty for health checks, which need no authentication.
func (o *calls) identifyGRPC(ctx context.Context, method string) (client string, err error) {
	if o.authenticate == nil || isHealth(method) {
		return "", nil
	}
	caller := auth.Caller{Authorization: metadata.ValueFromIncomingContext(ctx, "authorization")}
	if from, ok := peer.FromContext(ctx); ok {
		caller.Address = from.Addr.String()
		if info, ok := from.AuthInfo.(credentials.TLSInfo); ok {
			caller.TLS = &info.State
		}
	}
	return o.identify(ctx, caller)
}

// authenticateREST authenticates a request, and returns it with its client. Probes need no authentication.
func (o *calls) authenticateREST(r *http.Request) (*http.Request, error) {
	if o.authenticate == nil || isProbePath(r.URL.Path) {
		return r, nil
	}
	client, err := o.identify(r.Context(), auth.Caller{Authorization: r.Header.Values("Authorization"), TLS: r.TLS, Address: r.RemoteAddr})
	if err != nil {
		return r, err
	}
	return r.WithContext(withClient(r.Context(), client)), nil
}

// identify returns the client's name. A panic fails this call alone.
func (o *calls) identify(ctx context.Context, caller auth.Caller) (client string, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = o.panicked(ctx, fault)
		}
	}()
	if client, err = o.authenticate(caller); err != nil {
		o.metrics.unauthenticated.Inc()
		return "", o.errors.of(codes.Unauthenticated, unauthenticated, err.Error())
	}
	return client, nil
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
