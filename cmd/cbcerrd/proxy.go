package main

import (
	"context"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/proxy"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

//go:generate sh -c "go run . proxy -h | go run flags_generate.go ../../deploy/sidecar.md"

const proxyUsage = `usage: cbcerrd proxy --upstream URL [flags]

Forward requests to the CBC and explain its errors in headers, until SIGTERM. Then finish the
requests in flight.

Each flag is also an environment variable: --upstream is CBCERR_UPSTREAM. The flag overrides it.
`

// proxyOptions are the settings of the sidecar.
type proxyOptions struct {
	proxy            proxy.Config
	logs             logOptions
	unknownVariables []string
}

// parseProxy reads the flags of the sidecar, and the environment for flags that are not given.
func parseProxy(args []string) (proxyOptions, error) {
	var o proxyOptions
	flags := newFlags("cbcerrd proxy", proxyUsage)
	o.proxy.Bind(flags)
	o.logs.bind(flags)
	var err error
	o.unknownVariables, err = parseFlags(flags, args, func() error { return o.proxy.Validate() })
	return o, err
}

// runProxy runs the sidecar until the context ends.
func runProxy(ctx context.Context, args []string) error {
	o, err := parseProxy(args)
	if err != nil {
		return err
	}
	log, err := o.logs.logger()
	if err != nil {
		return err
	}
	limitMemory(log)
	c, err := catalog.Embedded()
	if err != nil {
		return err
	}
	o.proxy.Registry = prometheus.NewRegistry()
	o.proxy.Registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	prometheus.WrapRegistererWithPrefix(rpc.Domain+"_", o.proxy.Registry).MustRegister(readBuild().metric())
	o.proxy.Admin = []proxy.Pages{debugPages{o.logs.current}}
	s, err := proxy.Listen(o.proxy, c, log)
	if err != nil {
		return err
	}
	log.Info("proxying", "address", s.Addr(), "admin", s.AdminAddr(), "upstream", o.proxy.Upstream, "raise", o.proxy.Raise,
		"catalog", c.Version(), "version", readBuild().version)
	warnOfVariables(log, o.unknownVariables)
	if err := s.Serve(ctx); err != nil {
		return err
	}
	log.Info("stopped")
	return nil
}
