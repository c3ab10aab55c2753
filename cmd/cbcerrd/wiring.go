package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"

	"github.com/cbcerr/cbcerr/service/auth"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/explorer"
	"github.com/cbcerr/cbcerr/service/reload"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/server"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// A wiring is the parts of the daemon, and which files each is made of.
type wiring struct {
	options
	log          *slog.Logger
	metrics      prometheus.Registerer
	catalogInfo  *prometheus.GaugeVec
	watch        *reload.Watch
	certificates auth.Certificates
	callers      auth.Tokens

	catalog *catalog.Catalog
	service *rpc.Service
	pages   *explorer.Explorer
}

func newWiring(o options, log *slog.Logger) *wiring {
	w := &wiring{options: o, log: log, watch: reload.NewWatch(log)}
	w.metrics = prometheus.WrapRegistererWithPrefix(rpc.Domain+"_", o.server.Registry)
	w.catalogInfo = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "catalog_info", Help: "1, of the catalogue in use."}, []string{"version"})
	w.metrics.MustRegister(w.watch, w.catalogInfo, readBuild().metric())
	o.server.Registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return w
}

// useFiles makes use of what flags name, now and whenever it changes. It fails if the context ends.
func (w *wiring) useFiles(ctx context.Context) error {
	for _, s := range []struct {
		flag   string
		wanted bool
		reload.Source
	}{
		{"tls-cert, --tls-key or --tls-client-ca", w.certificate.file != "", reload.Source{Name: "certificates", Paths: given(w.certificate.file, w.certificate.key, w.certificate.clientCA), Load: w.useCertificates}},
		{"auth-tokens", w.tokens.file != "", reload.Source{Name: "tokens", Paths: given(w.tokens.file), Load: w.useTokens}},
		{"auth-jwks", w.tokens.jwks != "", reload.Source{Name: "jwks", Paths: given(w.tokens.jwks), Load: w.useKeys}},
		{"locales-dir or --overlays-dir", true, reload.Source{Name: "catalog", Paths: slices.Compact(given(w.localesDir, w.overlaysDir)), Load: w.useCatalog}},
	} {
		if !s.wanted {
			continue
		}
		if err := w.watch.Add(ctx, s.Source); err != nil {
			return fmt.Errorf("--%s: %w", s.flag, err)
		}
	}
	return nil
}

func given(paths ...string) (list []string) {
	for _, path := range paths {
		if path != "" {
			list = append(list, path)
		}
	}
	return list
}

func (w *wiring) useCertificates(s reload.Snapshot) error {
	c := w.certificate
	var content [3][]byte // nil without a path
	for i, path := range []string{c.file, c.key, c.clientCA} {
		if path == "" {
			continue
		}
		var err error
		if content[i], err = s.File(path); err != nil {
			return err
		}
	}
	return w.certificates.Use(content[0], content[1], content[2])
}

func (w *wiring) useTokens(s reload.Snapshot) error {
	return useFile(s, w.tokens.file, w.callers.UseStatic)
}

func (w *wiring) useKeys(s reload.Snapshot) error {
	return useFile(s, w.tokens.jwks, func(content []byte) error { return w.callers.UseSigned(content, w.issuer) })
}

// useFile makes use of one file, which errors name.
func useFile(s reload.Snapshot, path string, use func([]byte) error) error {
	content, err := s.File(path)
	if err != nil {
		return err
	}
	if err := use(content); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// useCatalog checks the whole catalogue before anything of it is in use.
func (w *wiring) useCatalog(s reload.Snapshot) error {
	var folders []fs.FS
	for _, path := range slices.Compact(given(w.localesDir, w.overlaysDir)) { // one folder may be both
		folder, err := s.Folder(path)
		if err != nil {
			return err
		}
		folders = append(folders, folder)
	}
	c, err := catalog.Embedded(folders...)
	if err != nil {
		return err
	}
	if err := translate.Check(c); err != nil {
		return err
	}
	return w.use(c)
}

// tls is nil without certificates.
func (w *wiring) tls() *tls.Config {
	if w.certificate.file == "" {
		return nil
	}
	w.metrics.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "certificate_expiry_timestamp_seconds", Help: "When the server's certificate ends, or an authority of clients that ends sooner.",
	}, func() float64 { return float64(w.certificates.Expiry().Unix()) }))
	return w.certificates.Config()
}

// authenticator returns nil without tokens.
func (w *wiring) authenticator() server.Authenticator {
	if w.tokens.file == "" && w.tokens.jwks == "" {
		return nil
	}
	return w.callers.ByToken
}
