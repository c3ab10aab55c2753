package rpc

import (
	"context"
	"net/http"
	"net/textproto"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	gatewayv1 "github.com/cbcerr/cbcerr/gen/go/gateway/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/render"
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// RegisterREST registers the REST routes of both services. Requests are forwarded to conn.
func (s *Service) RegisterREST(ctx context.Context, mux *runtime.ServeMux, conn grpc.ClientConnInterface) error {
	if err := gatewayv1.RegisterTranslationServiceHandlerClient(ctx, mux, errorv1.NewTranslationServiceClient(conn)); err != nil {
		return err
	}
	return gatewayv1.RegisterCatalogServiceHandlerClient(ctx, mux, errorv1.NewCatalogServiceClient(conn))
}

// RESTOptions returns the gateway options of the services: language headers of requests and responses, and ETags.
func (s *Service) RESTOptions() []runtime.ServeMuxOption {
	return []runtime.ServeMuxOption{
		runtime.WithIncomingHeaderMatcher(incomingHeader),
		runtime.WithForwardResponseOption(setLanguageHeaders),
		runtime.WithMiddlewares(withRESTRequest, withETag),
	}
}

// JSON returns the JSON of a response message.
func (s *Service) JSON(m proto.Message) ([]byte, error) { return render.JSON(m) }

// WriteError writes an error as the JSON of its status or as a problem, depending on the Accept header.
func (s *Service) WriteError(w http.ResponseWriter, r *http.Request, httpStatus int, st *statuspb.Status) {
	contentType := render.Negotiate(r.Header.Values("Accept"))
	body, err := s.errorBody(contentType, httpStatus, st)
	if err != nil { // not expected: protobuf guarantees valid UTF-8
		contentType, httpStatus, body = render.StatusType, http.StatusInternalServerError, []byte(`{"code":13,"message":"internal error","details":[]}`)
	}
	for key, values := range render.Header(st, httpStatus) {
		w.Header()[key] = values
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Add("Vary", vary)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(httpStatus)
	_, _ = w.Write(body) // best effort: the client may be gone
}

func (s *Service) errorBody(contentType string, httpStatus int, st *statuspb.Status) ([]byte, error) {
	if contentType == render.ProblemType {
		return render.NewProblem(st, httpStatus, s.publicURL).JSON()
	}
	return render.JSON(st)
}

// xLanguage is Huawei Cloud's own header for the language of a response.
const xLanguage = "X-Language"

// vary lists the request headers that affect the response.
const vary = "Accept, Accept-Language, " + xLanguage

// incomingHeader returns the metadata key of a request header. It reports false if the services do not read the header.
func incomingHeader(header string) (string, bool) {
	switch header = textproto.CanonicalMIMEHeaderKey(header); header {
	case xLanguage:
		return xLanguage, true
	case "Accept-Language", "Content-Type":
		return runtime.DefaultHeaderMatcher(header)
	}
	return "", false
}

// setLanguageHeaders sets Vary, and Content-Language if the response is one translation.
func setLanguageHeaders(_ context.Context, w http.ResponseWriter, m proto.Message) error {
	w.Header().Add("Vary", vary)
	if response, ok := m.(interface{ GetTranslation() *errorv1.Translation }); ok {
		w.Header().Set("Content-Language", response.GetTranslation().GetLocale())
	}
	return nil
}
