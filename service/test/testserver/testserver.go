// Package testserver runs the server with cbcerr's services in a test, on free ports.
//
//	s := testserver.StartSmall(t)
//	conn := dial(s.GRPCAddr())
//
// StartSmall has a small catalogue, the tables in tables. They are rows of the real tables at one time and never follow
// them, so that a test of them holds whatever code is added and whatever text is corrected.
package testserver

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"sync"
	"testing"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/server"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/spf13/pflag"
)

//go:embed tables/*.tsv
var files embed.FS

// Tables returns the tables of the small catalogue.
func Tables(t testing.TB) fs.FS {
	t.Helper()
	tables, err := fs.Sub(files, "tables")
	if err != nil {
		t.Fatal(err)
	}
	return tables
}

// Small returns the small catalogue.
func Small(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Load(Tables(t))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// StartSmall is like Start, with the small catalogue.
func StartSmall(t testing.TB, changes ...func(*rpc.Limits)) *server.Server {
	t.Helper()
	return start(t, Small(t), changes)
}

// Start starts a server with the embedded catalogue, which stops when the test ends. Limits have the defaults of the flags unless changed. The test fails
// if the server returns an error.
func Start(t testing.TB, changes ...func(*rpc.Limits)) *server.Server {
	t.Helper()
	c, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	return start(t, c, changes)
}

func start(t testing.TB, c *catalog.Catalog, changes []func(*rpc.Limits)) *server.Server {
	t.Helper()
	s, err := server.Listen(config(), rpc.Domain, slog.New(slog.DiscardHandler), service(c, changes))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background()) // the test's context ends before its cleanups
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return s
}

func service(c *catalog.Catalog, changes []func(*rpc.Limits)) *rpc.Service {
	limits := rpc.DefaultLimits()
	for _, change := range changes {
		change(&limits)
	}
	return rpc.New(c, translate.New(c, limits.Items), limits, "")
}

// embedded returns the embedded catalog, which is parsed once.
var embedded = sync.OnceValues(func() (*catalog.Catalog, error) { return catalog.Embedded() })

func config() server.Config {
	var c server.Config
	c.Bind(pflag.NewFlagSet("", pflag.ContinueOnError))
	c.GRPCAddr, c.HTTPAddr = "127.0.0.1:0", "127.0.0.1:0"
	return c
}
