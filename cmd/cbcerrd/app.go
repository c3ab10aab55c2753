package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"time"

	"github.com/cbcerr/cbcerr/gen"
	"github.com/cbcerr/cbcerr/service/auth"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/explorer"
	"github.com/cbcerr/cbcerr/service/reload"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/server"
	"github.com/cbcerr/cbcerr/service/telemetry"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// An app holds the parts of the daemon. It loads some of them from files, and reloads them when the files change.
type app struct {
	options
	log          *slog.Logger
	metrics      prometheus.Registerer
	catalogInfo  *prometheus.GaugeVec
	watcher      *reload.Watcher
	certificates auth.Certificates
	tokens       auth.Tokens

	catalog  *catalog.Catalog
	service  *rpc.Service
	explorer *explorer.Explorer
}

func newApp(o options, log *slog.Logger) *app {
	a := &app{options: o, log: log, watcher: reload.NewWatcher(log)}
	a.metrics = prometheus.WrapRegistererWithPrefix(rpc.Domain+"_", o.server.Registry)
	a.catalogInfo = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "catalog_info", Help: "Constant 1, labelled with the version of the catalog in use.",
	}, []string{"version"})
	a.metrics.MustRegister(a.watcher, a.catalogInfo, readBuild().metric())
	o.server.Registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return a
}

// loadFiles loads the files that flags name, and registers them to be reloaded. It fails if the context ends.
func (a *app) loadFiles(ctx context.Context) (err error) {
	if a.explorer, err = explorer.New(a.publicURL, gen.OpenAPI); err != nil {
		return fmt.Errorf("--public-url: %w", err)
	}
	for _, s := range []struct {
		flag    string
		enabled bool
		reload.Source
	}{
		{"tls-cert, --tls-key or --tls-client-ca", a.certificateFiles.cert != "", reload.Source{Name: "certificates", Paths: nonEmpty(a.certificateFiles.cert, a.certificateFiles.key, a.certificateFiles.clientCA), Load: a.loadCertificates}},
		{"auth-tokens", a.tokenFiles.static != "", reload.Source{Name: "tokens", Paths: nonEmpty(a.tokenFiles.static), Load: a.loadTokens}},
		{"auth-jwks", a.tokenFiles.jwks != "", reload.Source{Name: "jwks", Paths: nonEmpty(a.tokenFiles.jwks), Load: a.loadJWKS}},
		{"locales-dir or --overlays-dir", true, reload.Source{Name: "catalog", Paths: a.catalogDirs(), Load: a.loadCatalog}},
	} {
		if !s.enabled {
			continue
		}
		if err := a.watcher.Add(ctx, s.Source); err != nil {
			return fmt.Errorf("--%s: %w", s.flag, err)
		}
	}
	return nil
}

// catalogDirs returns the configured directories. --locales-dir and --overlays-dir may be equal.
func (a *app) catalogDirs() []string { return slices.Compact(nonEmpty(a.localesDir, a.overlaysDir)) }

func nonEmpty(paths ...string) (list []string) {
	for _, path := range paths {
		if path != "" {
			list = append(list, path)
		}
	}
	return list
}

func (a *app) loadCertificates(s reload.Snapshot) error {
	var contents [3][]byte // nil without a path
	for i, path := range []string{a.certificateFiles.cert, a.certificateFiles.key, a.certificateFiles.clientCA} {
		if path == "" {
			continue
		}
		var err error
		if contents[i], err = s.File(path); err != nil {
			return err
		}
	}
	return a.certificates.Set(contents[0], contents[1], contents[2])
}

func (a *app) loadTokens(s reload.Snapshot) error {
	return loadFile(s, a.tokenFiles.static, a.tokens.SetStatic)
}

func (a *app) loadJWKS(s reload.Snapshot) error {
	return loadFile(s, a.tokenFiles.jwks, func(content []byte) error { return a.tokens.SetJWKS(content, a.issuer) })
}

// loadFile passes the content of one file to set. Its errors name the file.
func loadFile(s reload.Snapshot, path string, set func([]byte) error) error {
	content, err := s.File(path)
	if err != nil {
		return err
	}
	if err := set(content); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// loadCatalog checks the whole catalog before it is in use.
func (a *app) loadCatalog(s reload.Snapshot) error {
	var dirs []fs.FS
	for _, path := range a.catalogDirs() {
		dir, err := s.Dir(path)
		if err != nil {
			return err
		}
		dirs = append(dirs, dir)
	}
	c, err := catalog.Embedded(dirs...)
	if err != nil {
		return err
	}
	if err := translate.CheckOverlays(c); err != nil {
		return err
	}
	return a.setCatalog(c)
}

// setCatalog puts a catalog into use. The first call creates the service.
func (a *app) setCatalog(c *catalog.Catalog) error {
	translator := translate.New(c, a.limits.Items)
	if a.service == nil {
		a.service = rpc.New(c, translator, a.limits, a.publicURL)
		a.metrics.MustRegister(a.service)
	}
	if err := a.explorer.SetCatalog(c, a.explainWith(translator)); err != nil {
		return err
	}
	a.service.SetCatalog(c, translator)
	a.catalog = c
	a.catalogInfo.Reset()
	a.catalogInfo.WithLabelValues(c.Version()).Set(1)
	return nil
}

// explainWith returns the function that explains translations on the page.
func (a *app) explainWith(t *translate.Translator) explorer.ExplainFunc {
	return func(r explorer.Response) (any, error) {
		response := envelope.Response{HTTPStatus: r.HTTPStatus, Body: r.Raw}
		if r.Text != "" {
			response.Body, response.IsUTF8 = []byte(r.Text), true
		}
		if len(response.Body) > a.limits.Body {
			return nil, fmt.Errorf("%d bytes; a body has at most %d", len(response.Body), a.limits.Body)
		}
		return t.Explain(translate.Response{Response: response, Origin: translate.Origin(r.Origin)}), nil
	}
}

// startTelemetry starts OpenTelemetry if it is configured. The stop function exports the remaining data.
func (a *app) startTelemetry(ctx context.Context) (tracing *server.Tracing, stop func(), err error) {
	c := telemetry.Config{Endpoint: a.otlpEndpoint, Service: "cbcerrd", Version: readBuild().version, Metrics: a.server.Registry, Log: a.log}
	if !c.Enabled() {
		return nil, func() {}, nil
	}
	t, err := telemetry.Start(ctx, c)
	if err != nil {
		return nil, nil, fmt.Errorf("--otlp-endpoint: %w", err)
	}
	return &server.Tracing{GRPC: t.GRPC(), REST: t.REST}, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), telemetryFlushTimeout)
		defer cancel()
		if err := t.Stop(ctx); err != nil {
			a.log.Warn("telemetry", "error", err)
		}
	}, nil
}

// telemetryFlushTimeout limits the final export of telemetry.
const telemetryFlushTimeout = 5 * time.Second

// tls returns the configuration of both ports, nil without certificates.
func (a *app) tls() *tls.Config {
	if a.certificateFiles.cert == "" {
		return nil
	}
	a.metrics.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "certificate_expiry_timestamp_seconds", Help: "When the server's certificate or a client CA expires, whichever is sooner.",
	}, func() float64 { return float64(a.certificates.Expiry().Unix()) }))
	return a.certificates.Config()
}

// authenticator returns nil if no tokens are configured.
func (a *app) authenticator() server.Authenticator {
	if a.tokenFiles.static == "" && a.tokenFiles.jwks == "" {
		return nil
	}
	return a.tokens.ByToken
}
