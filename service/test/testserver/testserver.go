// Package testserver runs the server with cbcerr's services in a test, on free ports.
//
//	s := testserver.Start(t)
//	conn := dial(s.GRPCAddr())
package testserver

import (
	"context"
	"log/slog"
	"sync"
	"testing"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/server"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/spf13/pflag"
)

// Start starts a server, which stops when the test ends. Limits have the defaults of the flags unless changed. The test fails
// if the server returns an error.
func Start(t testing.TB, changes ...func(*rpc.Limits)) *server.Server {
	t.Helper()
	s, err := server.Listen(config(), rpc.Domain, slog.New(slog.DiscardHandler), service(t, changes))
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

func service(t testing.TB, changes []func(*rpc.Limits)) *rpc.Service {
	t.Helper()
	c, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
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
