package client

import (
	"cmp"
	"context"
	"errors"
	"net/http"
)

// Transport returns a transport that judges the responses of base, or of http.DefaultTransport if base is nil. It is for
// clients that call only the CBC. A nil or zero Translator makes every call fail before it is sent. A nil option has no
// effect.
//
// By default it returns every response, as the contract of http.RoundTripper demands, and FailureOf returns the failure
// of a response. The body stays readable, as after Check. Redirects are not judged.
func Transport(base http.RoundTripper, t *Translator, options ...TransportOption) http.RoundTripper {
	result := &transport{base: cmp.Or(base, http.DefaultTransport), translator: t}
	for _, option := range options {
		if option != nil {
			option(result)
		}
	}
	return result
}

// A TransportOption configures Transport.
type TransportOption func(*transport)

// ReturnErrors makes Transport return a failure as the error of the call. http.Client wraps it in a *url.Error, and
// errors.As finds the *Failure.
func ReturnErrors() TransportOption {
	return func(t *transport) { t.returnErrors = true }
}

// FailureOf returns the failure of a response that came through Transport. It is a value of the context of the
// response's Request. It reports false if upstream succeeded.
func FailureOf(r *http.Response) (*Failure, bool) {
	if r == nil || r.Request == nil {
		return nil, false
	}
	f, _ := r.Request.Context().Value(failureKey{}).(*Failure)
	return f, f != nil
}

// failureKey is the key of a failure in a context.
type failureKey struct{}

type transport struct {
	base         http.RoundTripper
	translator   *Translator
	returnErrors bool
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	if !t.translator.isReady() {
		return nil, refuse(request, errNotReady)
	}
	response, err := t.base.RoundTrip(request)
	if err != nil || response == nil { // http.Client reports that there is neither
		return response, err
	}
	var f *Failure
	if !isRedirect(response) {
		f, _ = errors.AsType[*Failure](t.translator.Check(response))
	}
	if f != nil && t.returnErrors {
		if response.Body != nil {
			_ = response.Body.Close() // the caller gets the error instead
		}
		return nil, f
	}
	response.Request = mark(cmp.Or(response.Request, request), f)
	return response, nil
}

// CloseIdleConnections closes those of base. The method of the same name of http.Client calls it.
func (t *transport) CloseIdleConnections() {
	if base, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		base.CloseIdleConnections()
	}
}

// refuse closes the body of a request that is not sent, as the contract of http.RoundTripper demands.
func refuse(r *http.Request, err error) error {
	if r.Body != nil {
		_ = r.Body.Close() // the error of the call is err
	}
	return err
}

// mark returns the request with the failure of its response, or with none: its context may be that of another response.
func mark(r *http.Request, f *Failure) *http.Request {
	if r.Context().Value(failureKey{}) == nil && f == nil {
		return r
	}
	return r.WithContext(context.WithValue(r.Context(), failureKey{}, f))
}

// isRedirect reports whether http.Client may follow a response.
func isRedirect(r *http.Response) bool {
	return r.StatusCode/100 == 3 && r.Header.Get("Location") != ""
}
