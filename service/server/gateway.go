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
	*observer
	service    Service
	mux        *runtime.ServeMux
	maxMessage int64
	elsewhere  func(http.ResponseWriter, *http.Request) bool // answers if somebody else does
}

func newGateway(c Config, o *observer, conn grpc.ClientConnInterface, service Service) (*gateway, error) {
	useStrictQueries()
	g := &gateway{observer: o, service: service, maxMessage: int64(c.MaxMessage)}
	first := []runtime.ServeMuxOption{runtime.WithMiddlewares(answerProbe)} // before all that the service has
	if c.Trace != nil {
		first = append(first, runtime.WithMiddlewares(nameRoute))
	}
	g.mux = runtime.NewServeMux(append(append(first, service.RESTOptions()...),
		runtime.WithMarshalerOption(runtime.MIMEWildcard, newMarshaler(service)),
		runtime.WithErrorHandler(g.writeError),
		runtime.WithRoutingErrorHandler(g.routingError),
		runtime.WithDisablePathLengthFallback(), // a POST is a POST, whatever its content type is
	)...)
	return g, service.RegisterREST(context.Background(), g.mux, conn)
}

// ServeHTTP refuses what there is no place for, limits the body and hands the request to the gateway. Whatever can be read can be asked for its head.
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !g.enterREST(w, r) || g.refusePacked(w, r) {
		return
	}
	body := http.MaxBytesReader(w, r.Body, g.maxMessage)
	if r.ContentLength < 0 || r.ContentLength > largeBytes {
		large := &largeBody{ReadCloser: body, enter: func() (func(), error) { return g.enterLarge(r.Context()) }}
		defer large.rest()
		body, w = large, answering{w, large}
	}
	r.Body = &limitedBody{ReadCloser: body}
	if kind := r.Header.Get("Content-Type"); kind != "application/json" {
		if _, _, err := mime.ParseMediaType(kind); err != nil {
			r.Header.Del("Content-Type") // it makes no difference here, and is no reason to refuse a body
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

// refusePacked refuses a body with a content coding, and says which there is (RFC 9110, 15.5.16). To unpack it is the business of proxies; to
// read it as it is would answer another question than was asked.
func (g *gateway) refusePacked(w http.ResponseWriter, r *http.Request) bool {
	coding := strings.Join(r.Header.Values("Content-Encoding"), ", ")
	if r.ContentLength == 0 || coding == "" || strings.EqualFold(coding, "identity") {
		return false
	}
	err := g.invalid(fmt.Sprintf(`field "Content-Encoding": a body is read as it is, not in the coding %q`, coding))
	w.Header().Set("Accept-Encoding", "identity")
	g.note(r, err)
	g.write(w, r, http.StatusUnsupportedMediaType, err)
	return true
}

// printable makes a header fit to be metadata: gRPC would drop the whole header for one character that is not printable
// ASCII.
func printable(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case r < ' ' || r > '~':
		return '?'
	}
	return r
}

// A limitedBody remembers that it was too large; the gateway keeps only the text of that error.
type limitedBody struct {
	io.ReadCloser
	exceeded bool
}

func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		b.exceeded = true
	}
	return n, err
}

// writeError has the service write an error. Errors that did not come through the interceptor are the
// gateway's own: requests that it could not read.
func (g *gateway) writeError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, err error) {
	var seen handled
	if !errors.As(err, &seen) {
		err = g.unreadable(r, err)
		g.note(r, err)
	}
	g.write(w, r, runtime.HTTPStatusFromCode(status.Code(err)), err)
}

// unreadable explains why a request could not be read.
func (g *gateway) unreadable(r *http.Request, err error) error {
	if body, ok := r.Body.(*limitedBody); ok {
		if body.exceeded {
			return g.tooLarge(int(g.maxMessage))
		}
		if large, ok := body.ReadCloser.(*largeBody); ok && large.refused != nil {
			return g.own(large.refused)
		}
	}
	if status.Code(err) == codes.InvalidArgument {
		return g.invalid(fault(err))
	}
	return g.own(err)
}

// refuse answers a request that is not even looked at. Its body is left unread, so nothing else can follow on the connection.
func (g *gateway) refuse(w http.ResponseWriter, r *http.Request, err error) {
	g.note(r, err)
	g.write(w, r, runtime.HTTPStatusFromCode(status.Code(err)), err)
}

// note logs and counts a request that reached no method.
func (g *gateway) note(r *http.Request, err error) {
	g.metrics.observe(call{overREST, ""}, status.Code(err), 0)
	g.record(r.Context(), r.Method+" "+r.URL.Path, 0, g.slow, err)
}

func (g *gateway) write(w http.ResponseWriter, r *http.Request, httpStatus int, err error) {
	s := status.Convert(err)
	if reasonOf(s) == requestTooLarge {
		httpStatus = http.StatusRequestEntityTooLarge // gRPC has one code for this and for too many calls
	}
	g.service.WriteError(w, r, httpStatus, s.Proto())
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

func (g *gateway) routingError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, httpStatus int) {
	if !isProbe(r) && !g.elsewhere(w, r) {
		g.noRoute(w, r, httpStatus)
	}
}

// noRoute answers a request that no route fits, and no page.
func (g *gateway) noRoute(w http.ResponseWriter, r *http.Request, httpStatus int) {
	route, ok := routes[httpStatus]
	if !ok {
		route.code, route.reason = codes.Internal, codes.Internal.String()
	}
	err := g.of(route.code, route.reason, quoted(r.Method+" "+r.URL.Path)+": "+http.StatusText(httpStatus))
	g.note(r, err)
	if httpStatus == http.StatusMethodNotAllowed && w.Header().Get("Allow") == "" {
		w.Header().Set("Allow", g.allowed(r))
	}
	g.write(w, r, httpStatus, err)
}
