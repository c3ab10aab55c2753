package rpc

import (
	"context"
	"net/http"
	"net/textproto"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/render"
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// RegisterREST serves the services over REST, through a connection to the registered ones.
func (s *Service) RegisterREST(ctx context.Context, mux *runtime.ServeMux, conn grpc.ClientConnInterface) error {
	if err := errorv1.RegisterTranslationServiceHandlerClient(ctx, mux, errorv1.NewTranslationServiceClient(conn)); err != nil {
		return err
	}
	return errorv1.RegisterCatalogServiceHandlerClient(ctx, mux, errorv1.NewCatalogServiceClient(conn))
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
