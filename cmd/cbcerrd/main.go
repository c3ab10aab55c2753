// Command cbcerrd serves the translation of CBC errors over gRPC and REST, from the catalogue it was built with.
//
// It needs no flags; -h lists them all. Each flag is also an environment variable, which the flag overrides. With the word
// healthcheck before them it asks the daemon that runs with the same flags whether it is ready.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/cbcerr/cbcerr/gen"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/explorer"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/server"
	"github.com/cbcerr/cbcerr/service/telemetry"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/pflag"
)

func main() {
	signal.Ignore(syscall.SIGPIPE) // or a log that is no longer read would end the process
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	err := run(ctx, os.Args[1:])
	if err != nil && !errors.Is(err, pflag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "cbcerrd:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	word := ""
	if len(args) > 0 {
		word = args[0]
	}
	switch word {
	case "version", "--version":
		fmt.Println(readBuild())
		return nil
	case "healthcheck":
		args = args[1:]
	}
	o, err := parse(args)
	if err != nil {
		return err
	}
	if word == "healthcheck" {
		return o.healthcheck(ctx)
	}
	o.level, o.server.Registry = new(slog.LevelVar), prometheus.NewRegistry()
	log, err := o.logger()
	if err != nil {
		return err
	}
	limitMemory(log)
	return o.serve(ctx, log)
}

// serve puts the parts together and serves until the context ends.
func (o options) serve(ctx context.Context, log *slog.Logger) error {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP) // before the files are read, or it would end the process
	w := newWiring(o, log)
	if err := w.useFiles(ctx); err != nil {
		if ctx.Err() != nil {
			log.Info("stopped", "while", "starting")
			return nil
		}
		return err
	}
	o.server.TLS, o.server.Authenticate, o.server.Admin = w.tls(), w.authenticator(), []server.Pages{w.service.UnknownCodes(), debugPages{o.level}}
	tracing, stop, err := w.trace(ctx)
	if err != nil {
		return err
	}
	defer stop()
	o.server.Trace = tracing
	s, err := server.Listen(o.server, rpc.Domain, log, w.service, w.pages)
	if err != nil {
		return err
	}
	log.Info("serving", "grpc", s.GRPCAddr(), "rest", scheme(o.server.TLS)+s.HTTPAddr(), "admin", s.AdminAddr(),
		"codes", len(w.catalog.Entries()), "locales", strings.Join(w.catalog.Locales(), ","), "catalog", w.catalog.Version(), "version", readBuild().version)
	for _, name := range o.unknown {
		log.Warn("no flag has this variable", "name", name)
	}
	go w.watch.Run(ctx, o.reloadInterval, hangup)
	if err := s.Serve(ctx); err != nil {
		return err
	}
	log.Info("stopped", "running calls", "finished")
	return nil
}

// use answers with a catalogue from now on, and makes all that is needed for the first time.
func (w *wiring) use(c *catalog.Catalog) (err error) {
	translator := translate.New(c, w.limits.Items)
	if w.service == nil {
		w.service = rpc.New(c, translator, w.limits, w.publicURL)
		w.metrics.MustRegister(w.service)
		w.pages, err = explorer.New(c, w.publicURL, gen.OpenAPI)
		if err != nil {
			return fmt.Errorf("--public-url: %w", err)
		}
	}
	if err := w.pages.SetCatalog(c); err != nil {
		return err
	}
	w.service.SetCatalog(c, translator)
	w.catalog = c
	w.catalogInfo.Reset()
	w.catalogInfo.WithLabelValues(c.Version()).Set(1)
	return nil
}

// trace starts OpenTelemetry if it is asked for; stop sends what is left.
func (w *wiring) trace(ctx context.Context) (tracing *server.Tracing, stop func(), err error) {
	c := telemetry.Config{Endpoint: w.otlpEndpoint, Service: "cbcerrd", Version: readBuild().version, Metrics: w.server.Registry, Log: w.log}
	if !c.Asked() {
		return nil, func() {}, nil
	}
	t, err := telemetry.Start(ctx, c)
	if err != nil {
		return nil, nil, fmt.Errorf("--otlp-endpoint: %w", err)
	}
	return &server.Tracing{GRPC: t.GRPC(), REST: t.REST}, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
		defer cancel()
		if err := t.Stop(ctx); err != nil {
			w.log.Warn("telemetry", "error", err)
		}
	}, nil
}

// lastWords is how long the rest of the telemetry may take to be sent when everything else has stopped.
const lastWords = 5 * time.Second
