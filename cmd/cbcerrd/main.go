// Command cbcerrd is the daemon that translates CBC errors over gRPC and REST, with an embedded catalog.
//
// No flag is required; -h lists them. Each flag is also an environment variable, which the flag overrides. "cbcerrd healthcheck"
// checks whether the daemon with the same flags is ready. "cbcerrd proxy" is the sidecar, a reverse proxy that explains errors.
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

	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/server"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/pflag"
)

func main() {
	signal.Ignore(syscall.SIGPIPE) // otherwise a closed log pipe would end the process
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	err := run(ctx, os.Args[1:])
	if err != nil && !errors.Is(err, pflag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "cbcerrd:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	command := ""
	if len(args) > 0 {
		command = args[0]
	}
	switch command {
	case "version", "--version":
		fmt.Println(readBuild())
		return nil
	case "proxy":
		return runProxy(ctx, args[1:])
	case "healthcheck":
		args = args[1:]
	}
	o, err := parse(args)
	if err != nil {
		return err
	}
	if command == "healthcheck" {
		return o.healthcheck(ctx)
	}
	o.server.Registry = prometheus.NewRegistry()
	log, err := o.logs.logger()
	if err != nil {
		return err
	}
	limitMemory(log)
	return o.serve(ctx, log)
}

// serve builds the app and serves until the context ends.
func (o options) serve(ctx context.Context, log *slog.Logger) error {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP) // before the files are read: by default SIGHUP ends the process
	a := newApp(o, log)
	if err := a.loadFiles(ctx); err != nil {
		if ctx.Err() != nil {
			log.Info("stopped during startup")
			return nil
		}
		return err
	}
	o.server.TLS, o.server.Authenticate, o.server.Admin = a.tls(), a.authenticator(), []server.Pages{a.service.UnknownCodes(), debugPages{o.logs.current}}
	tracing, stop, err := a.startTelemetry(ctx)
	if err != nil {
		return err
	}
	defer stop()
	o.server.Trace = tracing
	s, err := server.Listen(o.server, rpc.Domain, log, a.service, a.explorer)
	if err != nil {
		return err
	}
	if err := a.explorer.SetGRPC(s.GRPCAddr(), o.server.TLS != nil); err != nil {
		return err
	}
	log.Info("serving", "grpc", s.GRPCAddr(), "rest", baseURL(o.server.TLS, s.HTTPAddr()), "admin", s.AdminAddr(),
		"codes", len(a.catalog.Entries()), "locales", strings.Join(a.catalog.Locales(), ","), "catalog", a.catalog.Version(), "version", readBuild().version)
	warnOfVariables(log, o.unknownVariables)
	go a.watcher.Run(ctx, o.reloadInterval, hangup)
	if err := s.Serve(ctx); err != nil {
		return err
	}
	log.Info("stopped")
	return nil
}

// warnOfVariables logs the environment variables that may be misspelt flags.
func warnOfVariables(log *slog.Logger, names []string) {
	for _, name := range names {
		log.Warn("unknown environment variable", "name", name)
	}
}
