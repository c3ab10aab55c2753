package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// A gateway serves REST.
type gateway struct {
	*calls
	service Service
	mux     *runtime.ServeMux
	page    func(*gateway, http.ResponseWriter, *http.Request) (answered bool)
}

func newGateway(c Config, o *calls, conn grpc.ClientConnInterface, service Service) (*gateway, error) {
	useStrictQueries()
	g := &gateway{calls: o, service: service}
	first := []runtime.ServeMuxOption{runtime.WithMiddlewares(answerProbe, noteRoute)} // before the service's own
	g.mux = runtime.NewServeMux(append(append(first, service.RESTOptions()...),
		runtime.WithMarshalerOption(runtime.MIMEWildcard, &marshaler{json: service.JSON}),
		runtime.WithErrorHandler(g.writeError),
		runtime.WithRoutingErrorHandler(g.routingError),
		runtime.WithDisablePathLengthFallback(), // a POST is a POST, whatever its content type is
	)...)
	return g, service.RegisterREST(context.Background(), g.mux, conn)
}

// ServeHTTP limits the body and passes the request to the gateway. It answers HEAD like GET.
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if g.refuseCompressed(w, r) {
		return
	}
	r.Body = &limitedBody{ReadCloser: http.MaxBytesReader(w, r.Body, int64(g.maxMessage)), request: r, calls: g.calls}
	defer requestOf(r.Context()).done()
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

// A limitedBody notes that it was too large; the gateway keeps only the text of that error. When a large one has come
// whole, it waits until it may be worked on.
type limitedBody struct {
	io.ReadCloser
	request  *http.Request
	calls    *calls
	bytes    int
	exceeded bool
}

// Read implements io.Reader.
func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.bytes += n
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		b.exceeded = true
	}
	if noted := requestOf(b.request.Context()); err == io.EOF && noted.release == nil {
		release, given := b.calls.reserve(b.request.Context(), b.bytes)
		noted.release = release
		if given != nil {
			return n, given
		}
	}
	return n, err
}

// writeError is the gateway's error handler. Errors without a reason are the gateway's own: of requests that it could not
// read.
func (g *gateway) writeError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, err error) {
	if reasonOf(err) == "" {
		err = g.unreadable(r, err)
		g.log.request(r, runtime.HTTPStatusFromCode(status.Code(err)), err)
	}
	g.write(w, r, runtime.HTTPStatusFromCode(status.Code(err)), err)
}

// unreadable returns the error of a request that could not be read.
func (g *gateway) unreadable(r *http.Request, err error) error {
	if body, ok := r.Body.(*limitedBody); ok && body.exceeded {
		return g.errors.tooLarge(g.maxMessage)
	}
	if status.Code(err) == codes.InvalidArgument {
		return g.errors.invalid(fault(err))
	}
	return g.errors.own(err)
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

// routes are the errors of requests that no route fits.
var routes = map[int]struct {
	code   codes.Code
	reason string
}{
	http.StatusBadRequest:       {codes.InvalidArgument, invalidRequest},
	http.StatusNotFound:         {codes.NotFound, methodNotFound},
	http.StatusMethodNotAllowed: {codes.Unimplemented, methodNotFound},
}

// routingError is the gateway's handler of requests that no route fits.
func (g *gateway) routingError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, httpStatus int) {
	if !isProbe(r) && !g.page(g, w, r) {
		g.noRoute(w, r, httpStatus)
	}
}

// noRoute answers a request that neither a route nor a page fits.
func (g *gateway) noRoute(w http.ResponseWriter, r *http.Request, httpStatus int) {
	route, ok := routes[httpStatus]
	if !ok {
		route.code, route.reason = codes.Internal, codes.Internal.String()
	}
	if httpStatus == http.StatusMethodNotAllowed && w.Header().Get("Allow") == "" {
		w.Header().Set("Allow", g.allowed(r))
	}
	g.fail(w, r, httpStatus, g.errors.of(route.code, route.reason, quoted(r.Method+" "+r.URL.Path)+": "+http.StatusText(httpStatus)))
}

// A probe is a request that goes no further than to its route, to learn whether there is one.
type probe struct{ found bool }

type probeKey struct{}

func isProbe(r *http.Request) bool { return r.Context().Value(probeKey{}) != nil }

// allowed returns the header Allow (RFC 9110, 15.5.6). The gateway lists no routes, so it is asked for each method.
func (g *gateway) allowed(r *http.Request) string {
	var list []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		p := &probe{}
		asked := r.Clone(context.WithValue(r.Context(), probeKey{}, p))
		asked.Method, asked.Body = method, http.NoBody
		g.mux.ServeHTTP(nil, asked)
		if p.found {
			list = append(list, method)
		}
		if p.found && method == http.MethodGet {
			list = append(list, http.MethodHead)
		}
	}
	return strings.Join(list, ", ")
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
