// Package rpc is the contract's two services: it checks requests, reads what metadata says about languages, and hands
// the work to translate and catalog. It knows requests, not listeners: the server is handed a Service.
//
//	s := rpc.New(c, translate.New(c, limits.Items), limits)
//	s.Register(grpcServer)
package rpc

import (
	"cmp"
	"context"
	"net/http"
	"net/textproto"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/api/httpbody"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
)

// Service is both services of the contract.
type Service struct {
	translation *translationService
	catalog     *catalogService
}

// New makes the services of a catalogue.
func New(c *catalog.Catalog, t *translate.Translator, l Limits) *Service {
	return &Service{&translationService{catalog: c, translator: t, limits: l}, newCatalogService(c)}
}

// Register serves the services over gRPC.
func (s *Service) Register(r grpc.ServiceRegistrar) {
	errorv1.RegisterTranslationServiceServer(r, s.translation)
	errorv1.RegisterCatalogServiceServer(r, s.catalog)
}

// RegisterREST serves the services over REST, through a connection to the registered ones.
func (s *Service) RegisterREST(ctx context.Context, mux *runtime.ServeMux, conn grpc.ClientConnInterface) error {
	if err := errorv1.RegisterTranslationServiceHandlerClient(ctx, mux, errorv1.NewTranslationServiceClient(conn)); err != nil {
		return err
	}
	return errorv1.RegisterCatalogServiceHandlerClient(ctx, mux, errorv1.NewCatalogServiceClient(conn))
}

// RESTOptions is what REST needs beyond a plain gateway: the headers that say something about languages, both ways.
func (s *Service) RESTOptions() []runtime.ServeMuxOption {
	return []runtime.ServeMuxOption{
		runtime.WithIncomingHeaderMatcher(incoming),
		runtime.WithForwardResponseOption(languageHeaders),
	}
}

// languageHeader is Huawei Cloud's own header for a language.
const languageHeader = "X-Language"

// incoming names the metadata that a request's header becomes.
func incoming(header string) (string, bool) {
	if textproto.CanonicalMIMEHeaderKey(header) == languageHeader {
		return languageHeader, true
	}
	return runtime.DefaultHeaderMatcher(header)
}

// languageHeaders tell caches what an answer depends on, and everybody the locale of a translation.
func languageHeaders(_ context.Context, w http.ResponseWriter, m proto.Message) error {
	w.Header().Set("Vary", "Accept, Accept-Language, "+languageHeader)
	if answer, ok := m.(interface{ GetTranslation() *errorv1.Translation }); ok {
		w.Header().Set("Content-Language", answer.GetTranslation().GetLocale())
	}
	return nil
}

// preferences collects what a request and its metadata say about languages.
func preferences(ctx context.Context, locales []string) catalog.Preferences {
	return catalog.Preferences{
		Locales: locales,
		AcceptLanguage: append(
			metadata.ValueFromIncomingContext(ctx, "accept-language"),
			metadata.ValueFromIncomingContext(ctx, runtime.MetadataPrefix+"accept-language")...),
		XLanguage: metadata.ValueFromIncomingContext(ctx, strings.ToLower(languageHeader)),
	}
}

// bodyType is the content type of a body that was sent as it is: what the message tells, over REST the request's own.
func bodyType(ctx context.Context, body *httpbody.HttpBody) string {
	types := append([]string{body.GetContentType()}, metadata.ValueFromIncomingContext(ctx, runtime.MetadataPrefix+"content-type")...)
	return cmp.Or(types...)
}
