// Package rpc is the contract's two services: it checks requests, reads what metadata says about languages, and hands
// the work to translate and catalog. It knows requests, not listeners: the server is handed a Service.
//
//	s := rpc.New(c, translate.New(c, limits.Items), limits, "")
//	s.Register(grpcServer)
package rpc

import (
	"cmp"
	"context"
	"sync/atomic"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/api/httpbody"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// Service is both services of the contract.
type Service struct {
	translation *translationService
	catalog     *catalogService
	editions    *atomic.Pointer[edition]
	metrics     *metrics
	publicURL   string
}

// An edition is a catalogue and the translator that was made of it. What answers one question is all of one edition.
type edition struct {
	catalog    *catalog.Catalog
	translator *translate.Translator
}

// New makes the services of a catalogue. The public URL is where people reach the explorer; problems are of no page's
// type where it is empty.
func New(c *catalog.Catalog, t *translate.Translator, l Limits, publicURL string) *Service {
	s := &Service{editions: new(atomic.Pointer[edition]), metrics: newMetrics(), publicURL: publicURL}
	s.translation = &translationService{editions: s.editions, limits: l, metrics: s.metrics}
	s.catalog = &catalogService{editions: s.editions}
	s.Use(c, t)
	return s
}

// Use answers with another catalogue from now on. Questions that are being answered keep the one that they began with.
func (s *Service) Use(c *catalog.Catalog, t *translate.Translator) {
	s.editions.Store(&edition{catalog: c, translator: t})
}

// Register serves the services over gRPC.
func (s *Service) Register(r grpc.ServiceRegistrar) {
	errorv1.RegisterTranslationServiceServer(r, s.translation)
	errorv1.RegisterCatalogServiceServer(r, s.catalog)
}

// Translation is the TranslationService itself, to be called in process.
func (s *Service) Translation() errorv1.TranslationServiceServer { return s.translation }

// Catalog is the CatalogService itself, to be called in process.
func (s *Service) Catalog() errorv1.CatalogServiceServer { return s.catalog }

// bodyType is the content type of a body that was sent as it is: what the message tells, over REST the request's own.
func bodyType(ctx context.Context, body *httpbody.HttpBody) string {
	return cmp.Or(append([]string{body.GetContentType()}, metadata.ValueFromIncomingContext(ctx, runtime.MetadataPrefix+"content-type")...)...)
}
