package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/server"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/spf13/pflag"
)

// startOurs starts the server as the daemon does, with the defaults of all flags.
func startOurs(_ setup, own *identity) (endpoint, error) {
	return startWith(own, func(*server.Config) {})
}

// startBare is the same without counting and logging.
func startBare(_ setup, own *identity) (endpoint, error) {
	return startWith(own, func(c *server.Config) { c.Unobserved = true })
}

func startWith(own *identity, change func(*server.Config)) (endpoint, error) {
	c, err := catalog.Embedded()
	if err != nil {
		return endpoint{}, err
	}
	var config server.Config
	config.Bind(pflag.NewFlagSet("", pflag.ContinueOnError))
	config.GRPCAddr, config.HTTPAddr = loopback, loopback
	if own != nil {
		if config.TLS, err = own.server(); err != nil {
			return endpoint{}, err
		}
	}
	change(&config)
	server.SetGC()
	limits := rpc.DefaultLimits()
	service := rpc.New(c, translate.New(c, limits.Items), limits, "")
	s, err := server.Listen(config, rpc.Domain, slog.New(slog.NewTextHandler(os.Stderr, nil)), service)
	if err != nil {
		return endpoint{}, err
	}
	go finish(func() error { return s.Serve(context.Background()) })
	return endpoint{GRPC: s.GRPCAddr(), REST: s.HTTPAddr()}, nil
}

// finish serves until the process ends; the client notices a server that does not.
func finish(serve func() error) {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
	}
}
