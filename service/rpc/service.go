// Package rpc implements the two gRPC services of the contract: TranslationService and CatalogService. It validates
// requests, chooses a locale and calls the packages translate and catalog. It does not know about listeners, TLS or
// authentication: package server serves a Service.
//
//	s := rpc.New(c, translate.New(c, limits.Items), limits, "")
//	s.Register(grpcServer)
package rpc

import (
	"sync/atomic"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/translate"
	"google.golang.org/grpc"
)

// A Service implements both services of the contract. It is safe for concurrent use.
type Service struct {
	current   atomic.Pointer[snapshot]
	limits    Limits
	metrics   *metrics
	publicURL string
}

// A snapshot is a catalogue and the translator made from it. Each call uses one snapshot from start to end.
type snapshot struct {
	catalog    *catalog.Catalog
	translator *translate.Translator
}

// New returns a Service for a catalogue. publicURL is the address of the explorer, which problem types link to; if it is
// empty, problem types are URNs.
func New(c *catalog.Catalog, t *translate.Translator, l Limits, publicURL string) *Service {
	s := &Service{limits: l, metrics: newMetrics(), publicURL: publicURL}
	s.SetCatalog(c, t)
	return s
}

// SetCatalog replaces the catalogue and its translator. Calls in progress keep the previous ones.
func (s *Service) SetCatalog(c *catalog.Catalog, t *translate.Translator) {
	s.current.Store(&snapshot{catalog: c, translator: t})
}

// Register registers both services with a gRPC server.
func (s *Service) Register(r grpc.ServiceRegistrar) {
	errorv1.RegisterTranslationServiceServer(r, s.Translation())
	errorv1.RegisterCatalogServiceServer(r, s.Catalog())
}

// Translation returns the TranslationService for calls in process.
func (s *Service) Translation() errorv1.TranslationServiceServer {
	return translationService{Service: s}
}

// Catalog returns the CatalogService for calls in process.
func (s *Service) Catalog() errorv1.CatalogServiceServer { return catalogService{Service: s} }
