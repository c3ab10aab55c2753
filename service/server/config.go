package server

import (
	"crypto/tls"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/pflag"
	"google.golang.org/grpc"
)

// Config says where the server listens and what its limits are.
type Config struct {
	GRPCAddr  string
	HTTPAddr  string
	AdminAddr string // port for operators, in the clear; empty opens none

	MaxMessage int // bytes of a request, over gRPC and REST
	MaxHeader  int // bytes of the headers of a REST request; a quarter over gRPC
	MaxStreams int // concurrent calls of one gRPC connection
	MaxCalls   int // calls in flight, of all clients
	MaxConns   int // open connections of the gRPC port, and of the REST port

	ClientRate  int // calls a second of one client; 0 sets no limit
	ClientBurst int // calls of one client at once

	HandshakeTimeout time.Duration // of TLS and HTTP/2, and of the headers of a REST request
	PeerTimeout      time.Duration // for reading and writing over REST, and for gRPC pings
	IdleTimeout      time.Duration // of a connection without calls
	MaxAge           time.Duration // of a gRPC connection; 0 sets no limit
	DrainDelay       time.Duration // between "not serving" and the end of listening
	DrainTimeout     time.Duration // for the calls in flight at shutdown

	SlowCall    time.Duration // duration from which a call is logged
	LogRate     int           // log lines a second about calls
	CORSOrigins []string      // origins whose pages may call REST from a browser

	TLS          *tls.Config          // of both ports; nil serves in the clear
	Authenticate Authenticator        // of callers of both ports; nil serves all
	Registry     *prometheus.Registry // registry of /metrics; the server adds its own metrics. nil makes a new one
	Admin        []Pages              // pages of the admin port
	Trace        *Tracing             // nil traces nothing
}

// Tracing is how calls are traced.
type Tracing struct {
	GRPC grpc.ServerOption
	REST func(http.Handler) http.Handler
}

// Limits that no flag sets, with their reasons.
const (
	// streamWindow and connWindow bound the bytes that gRPC buffers of unread messages, of a stream and of a connection.
	// Without them the windows grow to many MiB by themselves.
	streamWindow = 64 << 10
	connWindow   = 1 << 20
	// largeMessage is the size in bytes above which requests share max-message bytes while they are worked on: two bytes can
	// become a value of a hundred.
	largeMessage = 16 << 10
	// maxUnsent bounds large answers that clients do not read, in messages of max-message: gRPC keeps each until it is sent.
	maxUnsent = 16
	// maxScrapes bounds concurrent reads of the metrics: a slow reader holds a whole page.
	maxScrapes = 8
	// maxClients bounds the clients whose rate is remembered, to a few MiB. A forgotten client has its burst again.
	maxClients = 10_000
	// authAge is how long a stream keeps its authentication. To check each message would cost more than the message.
	authAge = time.Second
	// quietTime is how long a stream, at shutdown, has no message in work before it ends.
	quietTime = 300 * time.Millisecond
	// settleTime is how long HTTP connections may take, at shutdown, to be answered for the last time.
	settleTime = 500 * time.Millisecond
	// corsMaxAge is how many seconds a browser keeps a CORS permission. Browsers cap it at 10 minutes or more.
	corsMaxAge = 600
)

// durations are the bounds of the histograms in seconds. A call takes tens of microseconds.
func durations() []float64 {
	return []float64{50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 100e-3, 500e-3, 2.5}
}

// Bind makes each setting a flag, with its default and its reason.
func (c *Config) Bind(flags *pflag.FlagSet) {
	flags.StringVar(&c.GRPCAddr, "grpc-addr", ":9090", "listen `address` of gRPC; port 0 picks a free one")
	flags.StringVar(&c.HTTPAddr, "http-addr", ":8080", "listen `address` of REST; port 0 picks a free one")
	flags.StringVar(&c.AdminAddr, "admin-addr", "", "listen `address` for metrics, health and pprof; keep it private")
	flags.IntVar(&c.MaxMessage, "max-message", 4<<20, "maximum size of a request in `bytes`")
	flags.IntVar(&c.MaxHeader, "max-header", 64<<10, "maximum size of REST request headers in `bytes`; gRPC allows a quarter")
	flags.IntVar(&c.MaxStreams, "max-streams", 100, "maximum number of concurrent calls of one gRPC connection")
	flags.IntVar(&c.MaxCalls, "max-calls", 1024, "maximum number of in-flight calls; further calls fail with OVERLOADED")
	flags.IntVar(&c.MaxConns, "max-connections", 4096, "maximum open connections of each port; further clients wait")
	flags.IntVar(&c.ClientRate, "client-rate", 0, "maximum `calls` a second of one client; a batch is one call, 0 sets no limit")
	flags.IntVar(&c.ClientBurst, "client-burst", 0, "maximum `calls` of one client at once; at least client-rate")
	flags.StringSliceVar(&c.CORSOrigins, "cors-origins", nil, "`origins` such as https://app.example.com whose pages may call REST; * for all")
	flags.DurationVar(&c.PeerTimeout, "peer-timeout", 30*time.Second, "timeout for a REST request or response, and for a gRPC ping")
	flags.DurationVar(&c.HandshakeTimeout, "handshake-timeout", 5*time.Second, "timeout for handshakes and REST headers; less than drain-timeout")
	flags.DurationVar(&c.IdleTimeout, "idle-timeout", 15*time.Minute, "timeout of a connection without calls")
	flags.DurationVar(&c.MaxAge, "max-connection-age", 0, "age at which gRPC clients reconnect; 0 sets no limit")
	flags.DurationVar(&c.DrainDelay, "drain-delay", 0, "delay of shutdown after readiness ends, for load balancers to notice")
	flags.DurationVar(&c.DrainTimeout, "drain-timeout", 20*time.Second, "timeout for in-flight calls at shutdown")
	flags.DurationVar(&c.SlowCall, "slow-call", 500*time.Millisecond, "duration from which a call is logged")
	flags.IntVar(&c.LogRate, "log-rate", 10, "maximum log `lines` a second about calls; the rest is counted")
}
