package rpc

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/textproto"
	"strings"
	"time"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	gatewayv1 "github.com/cbcerr/cbcerr/gen/go/gateway/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/render"
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// RegisterREST serves the services over REST, through a connection to the registered ones.
func (s *Service) RegisterREST(ctx context.Context, mux *runtime.ServeMux, conn grpc.ClientConnInterface) error {
	if err := gatewayv1.RegisterTranslationServiceHandlerClient(ctx, mux, errorv1.NewTranslationServiceClient(conn)); err != nil {
		return err
	}
	return gatewayv1.RegisterCatalogServiceHandlerClient(ctx, mux, errorv1.NewCatalogServiceClient(conn))
}

// RESTOptions is what REST needs beyond a plain gateway: the headers that say something about languages, both ways, and
// validators of what can be cached.
func (s *Service) RESTOptions() []runtime.ServeMuxOption {
	return []runtime.ServeMuxOption{
		runtime.WithIncomingHeaderMatcher(incoming),
		runtime.WithForwardResponseOption(languageHeaders),
		runtime.WithMiddlewares(validated),
	}
}

// JSON writes an answer.
func (s *Service) JSON(m proto.Message) ([]byte, error) { return render.JSON(m) }

// WriteError answers with an error, as the JSON of its status or as a problem, whichever the request accepts.
func (s *Service) WriteError(w http.ResponseWriter, r *http.Request, httpStatus int, err *statuspb.Status) {
	kind := render.Negotiate(r.Header.Values("Accept"))
	body, fault := s.errorBody(kind, httpStatus, err)
	if fault != nil { // no text that protobuf holds makes this happen
		kind, httpStatus, body = render.StatusType, http.StatusInternalServerError, []byte(`{"code":13,"message":"internal error","details":[]}`)
	}
	for key, values := range render.Header(err, httpStatus) {
		w.Header()[key] = values
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Add("Vary", vary)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(httpStatus)
	_, _ = w.Write(body) // if the peer is gone, nobody is left to tell
}

func (s *Service) errorBody(kind string, httpStatus int, err *statuspb.Status) ([]byte, error) {
	if kind == render.ProblemType {
		return render.NewProblem(err, httpStatus, s.publicURL).JSON()
	}
	return render.JSON(err)
}

// languageHeader is Huawei Cloud's own header for a language.
const languageHeader = "X-Language"

// vary is what the answers depend on, besides what others have said already (the origin, where pages of others may call).
const vary = "Accept, Accept-Language, " + languageHeader

// incoming names the metadata that a request's header becomes, of those that somebody reads.
func incoming(header string) (string, bool) {
	switch header = textproto.CanonicalMIMEHeaderKey(header); header {
	case languageHeader:
		return languageHeader, true
	case "Accept-Language", "Content-Type":
		return runtime.DefaultHeaderMatcher(header)
	}
	return "", false
}

// languageHeaders tell caches what an answer depends on, and everybody the locale of a translation.
func languageHeaders(_ context.Context, w http.ResponseWriter, m proto.Message) error {
	w.Header().Add("Vary", vary)
	if answer, ok := m.(interface{ GetTranslation() *errorv1.Translation }); ok {
		w.Header().Set("Content-Language", answer.GetTranslation().GetLocale())
	}
	return nil
}

// freshness is how long an answer may be kept: a new catalogue is seen within five minutes. Shared caches may not keep what
// was asked for with a token (RFC 9111, 3.5).
func freshness(r *http.Request) string {
	if r.Header.Get("Authorization") != "" {
		return "private, max-age=300"
	}
	return "public, max-age=300"
}

// validated gives what can be read a strong ETag and answers who has it already with 304 (RFC 9110, 13.1.2). The tag is a
// digest of the answer, which names the catalogue: another catalogue, or a build that writes it differently, has another.
func validated(next runtime.HandlerFunc) runtime.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request, path map[string]string) {
		if r.Method != http.MethodGet {
			next(w, r, path)
			return
		}
		answer := &heldAnswer{ResponseWriter: w, status: http.StatusOK}
		next(answer, r, path)
		if answer.status != http.StatusOK {
			w.WriteHeader(answer.status)
			_, _ = w.Write(answer.body.Bytes()) // if the peer is gone, nobody is left to tell
			return
		}
		sum := sha256.Sum256(answer.body.Bytes())
		w.Header().Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
		w.Header().Set("Cache-Control", freshness(r))
		w.Header().Del("Transfer-Encoding") // set for clients that take trailers; the answer has a length instead
		w.Header().Del("Trailer")
		r.Header.Set("If-None-Match", strings.Join(r.Header.Values("If-None-Match"), ",")) // of several fields ServeContent reads one
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(answer.body.Bytes()))
	}
}

// A heldAnswer keeps an answer back until it is whole: at most a page of the catalogue.
type heldAnswer struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader implements http.ResponseWriter, as the following does.
func (a *heldAnswer) WriteHeader(status int)      { a.status = status }
func (a *heldAnswer) Write(p []byte) (int, error) { return a.body.Write(p) }
