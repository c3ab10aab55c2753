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

// tapHandle authenticates a call and rejects an unknown method before the stream is created. The auth interceptor of
// go-grpc-middleware would receive the message first. tapHandle limits no rate: its errors cannot carry
// grpc-retry-pushback-ms.
func (i *interceptors) tapHandle(ctx context.Context, info *tap.Info) (context.Context, error) {
	client, err := i.authenticateGRPC(ctx, info.FullMethodName)
	if err == nil && !i.metrics.methods[info.FullMethodName] {
		err = i.errors.newError(codes.Unimplemented, reasonMethodNotFound, "no method "+sanitize(info.FullMethodName))
	}
	if err != nil {
		i.log.logCall(ctx, info.FullMethodName, 0, err)
		return ctx, err
	}
	return withClient(ctx, client), nil
}

// authenticateGRPC returns the client of a call. Health checks need no authentication and have no client.
func (i *interceptors) authenticateGRPC(ctx context.Context, method string) (client string, err error) {
	if i.authenticator == nil || isHealth(method) {
		return "", nil
	}
	caller := auth.Caller{Authorization: metadata.ValueFromIncomingContext(ctx, "authorization")}
	if from, ok := peer.FromContext(ctx); ok {
		caller.Address = from.Addr.String()
		if info, ok := from.AuthInfo.(credentials.TLSInfo); ok {
			caller.TLS = &info.State
		}
	}
	return i.authenticate(ctx, caller)
}

// authenticateHTTP returns the request with its client in the context. Probes need no authentication.
func (i *interceptors) authenticateHTTP(r *http.Request) (*http.Request, error) {
	if i.authenticator == nil || isProbePath(r.URL.Path) {
		return r, nil
	}
	client, err := i.authenticate(r.Context(), auth.Caller{Authorization: r.Header.Values("Authorization"), TLS: r.TLS, Address: r.RemoteAddr})
	if err != nil {
		return r, err
	}
	return r.WithContext(withClient(r.Context(), client)), nil
}

// authenticate returns the client's name. A panic of the authenticator fails only this call.
func (i *interceptors) authenticate(ctx context.Context, caller auth.Caller) (client string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = i.handlePanic(ctx, p)
		}
	}()
	if client, err = i.authenticator(caller); err != nil {
		i.metrics.unauthenticated.Inc()
		return "", i.errors.newError(codes.Unauthenticated, reasonUnauthenticated, err.Error())
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
