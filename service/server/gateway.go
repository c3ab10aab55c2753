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

// A gateway serves REST. It serves the pages where no REST route matches.
type gateway struct {
	*interceptors
	service Service
	mux     *runtime.ServeMux
	pages   *http.ServeMux

	notFound http.HandlerFunc // for browsers; nil if there is no such page
}

func newGateway(i *interceptors, conn grpc.ClientConnInterface, service Service, mux *http.ServeMux, pages []Pages) (*gateway, error) {
	useStrictQueries()
	g := &gateway{interceptors: i, service: service, pages: mux}
	for _, p := range pages {
		if p, ok := p.(NotFoundPages); ok {
			g.notFound = p.ServeNotFound
		}
	}
	first := []runtime.ServeMuxOption{runtime.WithMiddlewares(recordRoute)} // before the service's own
	g.mux = runtime.NewServeMux(append(append(first, service.RESTOptions()...),
		runtime.WithMarshalerOption(runtime.MIMEWildcard, &marshaler{service: service}),
		runtime.WithErrorHandler(g.writeError),
		runtime.WithRoutingErrorHandler(g.routingError),
		runtime.WithDisablePathLengthFallback(), // or a form sent by POST would be routed as GET
	)...)
	return g, service.RegisterREST(context.Background(), g.mux, conn)
}

// ServeHTTP reads the body and passes the request to the gateway. It answers HEAD like GET.
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	slot := &requestInfoOf(r.Context()).large
	defer slot.free()
	if g.rejectCompressed(w, r) || g.rejectBody(w, r, slot) {
		return
	}
	if contentType := r.Header.Get("Content-Type"); contentType != "application/json" {
		if _, _, err := mime.ParseMediaType(contentType); err != nil {
			r.Header.Del("Content-Type") // the gateway would reject it, though every body is parsed as JSON
		}
	}
	for _, values := range r.Header {
		for i, value := range values {
			values[i] = strings.Map(printable, value)
		}
	}
	if r.Method == http.MethodHead {
		r = r.Clone(r.Context())
		r.Method = http.MethodGet // net/http omits the body
	}
	g.mux.ServeHTTP(w, r)
}

// rejectBody reads the body, and rejects one that is too large or truncated. A large one waits for the limit of large requests.
func (g *gateway) rejectBody(w http.ResponseWriter, r *http.Request, slot *largeSlot) (rejected bool) {
	content, err := readBody(w, r, int64(g.maxMessage))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		err = g.errors.requestTooLarge(g.maxMessage)
	} else if err != nil {
		err = g.errors.invalidArgument("the body: " + err.Error())
	} else {
		err = slot.acquire(r.Context(), g.large, len(content))
	}
	if err != nil {
		g.fail(w, r, runtime.HTTPStatusFromCode(status.Code(err)), err)
		return true
	}
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
	r.Body, _ = r.GetBody() // it does not fail
	return false
}

// readBody reads a body of at most limit bytes. io.ReadAll would take twice the memory of a body of known length.
func readBody(w http.ResponseWriter, r *http.Request, limit int64) (content []byte, err error) {
	if r.ContentLength < 0 {
		return io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	}
	if r.ContentLength > limit {
		return nil, &http.MaxBytesError{Limit: limit}
	}
	content = make([]byte, r.ContentLength)
	_, err = io.ReadFull(r.Body, content)
	return content, err
}

// rejectCompressed rejects a body with a content coding, and names the accepted one (RFC 9110, section 15.5.16).
func (g *gateway) rejectCompressed(w http.ResponseWriter, r *http.Request) (rejected bool) {
	coding := strings.Join(r.Header.Values("Content-Encoding"), ", ")
	if r.ContentLength == 0 || coding == "" || strings.EqualFold(coding, "identity") {
		return false
	}
	err := g.errors.invalidArgument(fmt.Sprintf(`field "Content-Encoding": %q is not supported, only identity`, coding))
	w.Header().Set("Accept-Encoding", "identity")
	g.fail(w, r, http.StatusUnsupportedMediaType, err)
	return true
}

// printable maps a character of a header to one that gRPC metadata allows. gRPC drops a header with any other character.
func printable(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case r < ' ' || r > '~':
		return '?'
	}
	return r
}

// writeError is the gateway's error handler. An error without a reason comes from the gateway: the request was malformed.
func (g *gateway) writeError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, err error) {
	if reasonOf(err) != "" {
		g.write(w, r, runtime.HTTPStatusFromCode(status.Code(err)), err)
		return
	}
	if status.Code(err) == codes.InvalidArgument {
		err = g.errors.invalidArgument(cleanMessage(err))
	}
	g.fail(w, r, runtime.HTTPStatusFromCode(status.Code(err)), g.errors.withReason(err))
}

// fail logs and answers a request that reaches no method.
func (g *gateway) fail(w http.ResponseWriter, r *http.Request, httpStatus int, err error) {
	g.log.logRequest(r, httpStatusOf(err, httpStatus), err)
	g.write(w, r, httpStatus, err)
}

// httpStatusOf returns the HTTP status of an error, by default that of its code.
func httpStatusOf(err error, byCode int) int {
	if reasonOf(err) == reasonRequestTooLarge {
		return http.StatusRequestEntityTooLarge // its code, RESOURCE_EXHAUSTED, stands for 429
	}
	return byCode
}

// write answers a request with an error.
func (g *gateway) write(w http.ResponseWriter, r *http.Request, httpStatus int, err error) {
	if reason := reasonOf(err); reason == reasonOverloaded || reason == reasonUnauthenticated {
		requestInfoOf(r.Context()).rejected = true
	}
	g.service.WriteError(w, r, httpStatusOf(err, httpStatus), status.Convert(err).Proto())
}

// routingError is the gateway's handler of requests that no route matches.
func (g *gateway) routingError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, httpStatus int) {
	code, reason := codes.NotFound, reasonMethodNotFound
	switch {
	case requestInfoOf(r.Context()).routeOnly:
		return
	case g.hasPage(r):
		g.servePage(w, r)
		return
	case httpStatus == http.StatusBadRequest:
		code, reason = codes.InvalidArgument, reasonInvalidRequest
	default:
		httpStatus = http.StatusNotFound
		if allowed := g.allowedMethods(r); allowed != "" {
			w.Header().Set("Allow", allowed)
			httpStatus, code = http.StatusMethodNotAllowed, codes.Unimplemented
		}
	}
	if httpStatus == http.StatusNotFound && g.notFound != nil && isBrowser(r) {
		g.notFound(w, r)
		return
	}
	g.fail(w, r, httpStatus, g.errors.newError(code, reason, sanitize(r.Method+" "+r.URL.Path)+": "+http.StatusText(httpStatus)))
}

// servePage serves a page. A request by POST has the limits of a call.
func (g *gateway) servePage(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		err := g.checkRate(clientOf(r.Context()))
		if err == nil {
			err = g.acquire()
		}
		if err != nil {
			g.fail(w, r, runtime.HTTPStatusFromCode(status.Code(err)), err)
			return
		}
		defer g.release()
	}
	g.pages.ServeHTTP(w, r)
}

// isBrowser reports whether a request asks for a page.
func isBrowser(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// hasPage reports whether a page matches. It excludes unclean paths, which the mux would redirect: the server does not know
// the prefix that a proxy serves it under.
func (g *gateway) hasPage(r *http.Request) bool {
	_, pattern := g.pages.Handler(&http.Request{Method: r.Method, URL: r.URL, Host: r.Host})
	return pattern != "" && r.URL.Path == path.Clean(r.URL.Path)
}

// allowedMethods returns the value of the Allow header (RFC 9110, section 10.2.1). The gateway lists no routes, so each
// method is looked up.
func (g *gateway) allowedMethods(r *http.Request) string {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		info := &requestInfo{routeOnly: true}
		lookup := withRequestInfo(r, info)
		lookup.Method, lookup.Body = method, http.NoBody
		g.mux.ServeHTTP(nil, lookup)
		if info.route == "" && !g.hasPage(lookup) {
			continue
		}
		allowed = append(allowed, method)
		if method == http.MethodGet {
			allowed = append(allowed, http.MethodHead)
		}
	}
	return strings.Join(allowed, ", ")
}
