// Command cbcerrd serves the translation of CBC errors over gRPC and REST, from the catalogue it was built with.
//
// It needs no flags; -h lists them all. Each flag is also an environment variable, which the flag overrides.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/cbcerr/cbcerr/gen"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/explorer"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/server"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/spf13/pflag"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	err := run(ctx, os.Args[1:])
	if err != nil && !errors.Is(err, pflag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "cbcerrd:", err)
		os.Exit(1)
	}
}

// options are all settings of the daemon.
type options struct {
	server     server.Config
	limits     rpc.Limits
	localesDir string
	publicURL  string
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	c, err := o.catalog()
	if err != nil {
		return err
	}
	server.SetGC()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	service := rpc.New(c, translate.New(c, o.limits.Items), o.limits, o.publicURL)
	pages, err := explorer.New(c, o.publicURL, gen.OpenAPI)
	if err != nil {
		return fmt.Errorf("--public-url: %w", err)
	}
	s, err := server.Listen(o.server, rpc.Domain, log, service, pages)
	if err != nil {
		return err
	}
	log.Info("serving", "grpc", s.GRPCAddr(), "rest", "http://"+s.HTTPAddr(), "codes", len(c.Entries()),
		"locales", strings.Join(c.Locales(), ","), "catalog", c.Version())
	if err := s.Serve(ctx); err != nil {
		return err
	}
	log.Info("stopped", "running calls", "finished")
	return nil
}

// parse reads the flags, and for those that are not given the environment.
func parse(args []string) (options, error) {
	var o options
	flags := pflag.NewFlagSet("cbcerrd", pflag.ContinueOnError)
	flags.SortFlags = false
	o.server.Bind(flags)
	o.limits.Bind(flags)
	flags.StringVar(&o.localesDir, "locales-dir", "", "`folder` of further languages, a file <tag>.tsv each")
	flags.StringVar(&o.publicURL, "public-url", "", "`address` that people reach REST and the explorer at; problems point to its pages. It is never taken from a request")
	var wrong error
	flags.VisitAll(func(f *pflag.Flag) {
		name := "CBCERR_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		f.Usage += " [" + name + "]"
		if value, ok := os.LookupEnv(name); ok {
			if err := f.Value.Set(value); err != nil {
				wrong = errors.Join(wrong, fmt.Errorf("%s=%q: %w", name, value, err))
			}
		}
	})
	flags.Usage = func() {
		fmt.Printf("usage: cbcerrd [flags]\n\nServes gRPC and REST until SIGTERM, then lets running calls finish.\nA flag overrides its environment variable, named in brackets.\n\n%s", flags.FlagUsages())
	}
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("takes flags only, not %q; see -h", flags.Args())
	}
	flags.VisitAll(func(f *pflag.Flag) { wrong = errors.Join(wrong, inRange(f)) })
	return o, wrong
}

// most is the largest number that a limit can be: whatever is counted, no protobuf message holds more.
const most = 1 << 30

// inRange refuses limits that would refuse everything, or nothing.
func inRange(f *pflag.Flag) error {
	value := f.Value.String()
	number := f.Value.Type() == "int" || f.Value.Type() == "duration"
	limit := strings.HasPrefix(f.Name, "max-") || strings.HasSuffix(f.Name, "-timeout")
	if zero := value == "0" || value == "0s"; number && (strings.HasPrefix(value, "-") || zero && limit) {
		return fmt.Errorf("--%s=%s: too small", f.Name, value)
	}
	if n, err := strconv.Atoi(value); err == nil && n > most {
		return fmt.Errorf("--%s=%s: too large, at most %d", f.Name, value, most)
	}
	return nil
}

// catalog is the embedded catalogue, with the languages of the folder if one is given.
func (o options) catalog() (*catalog.Catalog, error) {
	if o.localesDir == "" {
		return catalog.Embedded()
	}
	if _, err := os.ReadDir(o.localesDir); err != nil {
		return nil, fmt.Errorf("--locales-dir: %w", err)
	}
	return catalog.Embedded(os.DirFS(o.localesDir))
}
