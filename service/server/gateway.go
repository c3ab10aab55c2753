package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// A gateway serves REST, and pages where no route of REST fits.
type gateway struct {
	*calls
	service Service
	mux     *runtime.ServeMux
	pages   *http.ServeMux
}

func newGateway(o *calls, conn grpc.ClientConnInterface, service Service, pages *http.ServeMux) (*gateway, error) {
	useStrictQueries()
	g := &gateway{calls: o, service: service, pages: pages}
	first := []runtime.ServeMuxOption{runtime.WithMiddlewares(answerProbe, noteRoute)} // before the service's own
	g.mux = runtime.NewServeMux(append(append(first, service.RESTOptions()...),
		runtime.WithMarshalerOption(runtime.MIMEWildcard, &marshaler{json: service.JSON}),
		runtime.WithErrorHandler(g.writeError),
		runtime.WithRoutingErrorHandler(g.routingError),
		runtime.WithDisablePathLengthFallback(), // a POST is a POST, whatever its content type is
	)...)
	return g, service.RegisterREST(context.Background(), g.mux, conn)
}

// ServeHTTP reads the body and passes the request to the gateway. It answers HEAD like GET.
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := &requestOf(r.Context()).body
	defer body.free()
	if g.refuseCompressed(w, r) || g.refuseBody(w, r, body) {
		return
	}
	if kind := r.Header.Get("Content-Type"); kind != "application/json" {
		if _, _, err := mime.ParseMediaType(kind); err != nil {
			r.Header.Del("Content-Type") // every body is read as JSON, and the gateway would refuse this one
		}
	}
	for _, values := range r.Header {
		for i, value := range values {
			values[i] = strings.Map(printable, value)
		}
	}
	if r.Method == http.MethodHead {
		r = r.Clone(r.Context())
		r.Method = http.MethodGet // net/http leaves the body out
	}
	g.mux.ServeHTTP(w, r)
}

// refuseBody reads the body, and refuses one that is too large or ends early. A large one waits until it may be worked on.
func (g *gateway) refuseBody(w http.ResponseWriter, r *http.Request, body *received) (refused bool) {
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(g.maxMessage)))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		err = g.errors.tooLarge(g.maxMessage)
	} else if err != nil {
		err = g.errors.invalid("the body: " + err.Error())
	} else {
		body.release, err = g.reserve(r.Context(), len(content))
	}
	if err != nil {
		g.fail(w, r, runtime.HTTPStatusFromCode(status.Code(err)), err)
		return true
	}
	r.Body = io.NopCloser(bytes.NewReader(content))
	return false
}

// refuseCompressed refuses a body with a content coding, and names the accepted one (RFC 9110, 15.5.16).
func (g *gateway) refuseCompressed(w http.ResponseWriter, r *http.Request) bool {
	coding := strings.Join(r.Header.Values("Content-Encoding"), ", ")
	if r.ContentLength == 0 || coding == "" || strings.EqualFold(coding, "identity") {
		return false
	}
	err := g.errors.invalid(fmt.Sprintf(`field "Content-Encoding": %q is not supported, only identity`, coding))
	w.Header().Set("Accept-Encoding", "identity")
	g.fail(w, r, http.StatusUnsupportedMediaType, err)
	return true
}

// printable makes a header valid metadata. gRPC drops a whole header for one character that is not printable ASCII.
func printable(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case r < ' ' || r > '~':
		return '?'
	}
	return r
}

// writeError is the gateway's error handler. Errors without a reason are the gateway's own: of requests that it could not
// read.
func (g *gateway) writeError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, err error) {
	if reasonOf(err) == "" {
		if status.Code(err) == codes.InvalidArgument {
			err = g.errors.invalid(fault(err))
		}
		err = g.errors.own(err)
		g.log.request(r, runtime.HTTPStatusFromCode(status.Code(err)), err)
	}
	g.write(w, r, runtime.HTTPStatusFromCode(status.Code(err)), err)
}

// fail logs and answers a request that reaches no method.
func (g *gateway) fail(w http.ResponseWriter, r *http.Request, httpStatus int, err error) {
	g.log.request(r, httpStatus, err)
	g.write(w, r, httpStatus, err)
}

func (g *gateway) write(w http.ResponseWriter, r *http.Request, httpStatus int, err error) {
	switch reasonOf(err) {
	case requestTooLarge:
		httpStatus = http.StatusRequestEntityTooLarge // gRPC has one code for this and for too many calls
	case overloaded, unauthenticated:
		requestOf(r.Context()).refused = true
	}
	g.service.WriteError(w, r, httpStatus, status.Convert(err).Proto())
}

// routingError is the gateway's handler of requests that no route fits.
func (g *gateway) routingError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, httpStatus int) {
	switch {
	case isProbe(r):
	case g.hasPage(r, r.Method):
		g.pages.ServeHTTP(w, r)
	case httpStatus == http.StatusBadRequest:
		g.noRoute(w, r, httpStatus, codes.InvalidArgument, invalidRequest)
	default:
		if allowed := g.allowed(r); allowed != "" {
			w.Header().Set("Allow", allowed)
			g.noRoute(w, r, http.StatusMethodNotAllowed, codes.Unimplemented, methodNotFound)
			return
		}
		g.noRoute(w, r, http.StatusNotFound, codes.NotFound, methodNotFound)
	}
}

// hasPage reports whether there is a page. It redirects no unclean path: the server does not know the prefix that a proxy
// serves it under.
func (g *gateway) hasPage(r *http.Request, method string) bool {
	_, pattern := g.pages.Handler(&http.Request{Method: method, URL: r.URL, Host: r.Host})
	return pattern != "" && r.URL.Path == path.Clean(r.URL.Path)
}

func (g *gateway) noRoute(w http.ResponseWriter, r *http.Request, httpStatus int, code codes.Code, reason string) {
	g.fail(w, r, httpStatus, g.errors.of(code, reason, quoted(r.Method+" "+r.URL.Path)+": "+http.StatusText(httpStatus)))
}

// A probe is a request that goes no further than to its route, to learn whether there is one.
type probe struct{ found bool }

type probeKey struct{}

func isProbe(r *http.Request) bool { return r.Context().Value(probeKey{}) != nil }

// allowed returns the methods for the header Allow (RFC 9110, 15.5.6). The gateway lists no routes, so it is asked for each.
func (g *gateway) allowed(r *http.Request) string {
	var methods []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		p := &probe{found: g.hasPage(r, method)}
		asked := r.Clone(context.WithValue(r.Context(), probeKey{}, p))
		asked.Method, asked.Body = method, http.NoBody
		g.mux.ServeHTTP(nil, asked)
		if p.found {
			methods = append(methods, method)
		}
		if p.found && method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	return strings.Join(methods, ", ")
}

// answerProbe is the gateway's middleware that answers probes.
func answerProbe(next runtime.HandlerFunc) runtime.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request, path map[string]string) {
		if p, ok := r.Context().Value(probeKey{}).(*probe); ok {
			p.found = true
			return
		}
		next(w, r, path)
	}
}
