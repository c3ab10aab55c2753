package server

import (
	"crypto/tls"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/pflag"
	"google.golang.org/grpc"
)

// Config is where the server listens, and its limits.
type Config struct {
	GRPCAddr  string
	HTTPAddr  string
	AdminAddr string // plaintext port for operators; empty opens none

	MaxMessage     int // bytes of a request, over gRPC and REST
	MaxHeader      int // bytes of the headers of a REST request; gRPC allows a quarter
	MaxStreams     int // concurrent calls of one gRPC connection
	MaxCalls       int // calls in flight of all clients
	MaxConnections int // open connections of the gRPC port, and of the REST port

	ClientRate  int // calls a second of one client; 0 sets no limit
	ClientBurst int // calls of one client at once

	HandshakeTimeout time.Duration // for TLS and HTTP/2 handshakes, and for the headers of a REST request
	ClientTimeout    time.Duration // for reading and writing over REST, and for gRPC pings
	IdleTimeout      time.Duration // of a connection without calls
	MaxConnectionAge time.Duration // of a gRPC connection; 0 sets no limit
	DrainDelay       time.Duration // between NOT_SERVING and the end of listening
	DrainTimeout     time.Duration // for the calls in flight at shutdown

	SlowCall    time.Duration // minimum duration of a call that is logged as slow
	LogRate     int           // log lines a second about calls
	CORSOrigins []string      // origins whose pages may call REST from a browser

	TLS          *tls.Config          // of the gRPC and REST ports; nil serves plaintext
	Authenticate Authenticator        // of the gRPC and REST ports; nil serves all clients
	Registry     *prometheus.Registry // metrics of /metrics, to which the server adds its own; nil makes a new one
	Admin        []Pages              // pages of the admin port
	Trace        *Tracing             // nil traces no calls
}

// Tracing is the instrumentation that traces calls.
type Tracing struct {
	GRPC grpc.ServerOption
	REST func(http.Handler) http.Handler
}

// Limits without a flag.
const (
	// streamWindow and connWindow bound the bytes that gRPC buffers for unread messages, by stream and by connection.
	// Without them gRPC grows the windows to many MiB.
	streamWindow = 64 << 10
	connWindow   = 1 << 20
	// largeMessage is the size in bytes above which a message is large. Large requests in flight share max-message bytes,
	// because two bytes on the wire can become a value of a hundred.
	largeMessage = 16 << 10
	// maxUnsent bounds the large replies that a client's connection does not read, in multiples of max-message. gRPC buffers
	// each until it is sent.
	maxUnsent = 4
	// maxScrapes bounds concurrent scrapes of the metrics: each holds a whole page while its client reads.
	maxScrapes = 8
	// maxClients bounds the rate limiters, to a few MiB. An evicted client starts with a full burst.
	maxClients = 10_000
	// maxAuthAge is the maximum age of a stream's authentication. Authenticating each message would cost more than the message.
	maxAuthAge = time.Second
	// quietPeriod is how long a stream must wait for a message before the shutdown ends it.
	quietPeriod = 300 * time.Millisecond
	// httpDrainTimeout bounds the wait for HTTP connections to close on shutdown.
	httpDrainTimeout = 500 * time.Millisecond
	// corsMaxAge is how many seconds a browser caches a preflight. Browsers cap it at 10 minutes or more.
	corsMaxAge = 600
)

// durationBuckets returns the bounds of the histograms in seconds. A call takes tens of microseconds.
func durationBuckets() []float64 {
	return []float64{50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 100e-3, 500e-3, 2.5}
}

// Bind defines a flag for each setting, with its default.
func (c *Config) Bind(flags *pflag.FlagSet) {
	flags.StringVar(&c.GRPCAddr, "grpc-addr", ":9090", "listen `address` of gRPC; port 0 picks a free one")
	flags.StringVar(&c.HTTPAddr, "http-addr", ":8080", "listen `address` of REST; port 0 picks a free one")
	flags.StringVar(&c.AdminAddr, "admin-addr", "", "listen `address` for metrics, health and pprof; keep it private")
	flags.IntVar(&c.MaxMessage, "max-message", 4<<20, "maximum size of a request in `bytes`")
	flags.IntVar(&c.MaxHeader, "max-header", 64<<10, "maximum size of REST request headers in `bytes`; gRPC allows a quarter")
	flags.IntVar(&c.MaxStreams, "max-streams", 100, "maximum number of concurrent `calls` of one gRPC connection")
	flags.IntVar(&c.MaxCalls, "max-calls", 1024, "maximum number of in-flight `calls`; further calls fail with OVERLOADED")
	flags.IntVar(&c.MaxConnections, "max-connections", 4096, "maximum number of open `connections` of each port; further clients wait")
	flags.IntVar(&c.ClientRate, "client-rate", 0, "maximum `calls` of one client per second; a batch is one call, 0 sets no limit")
	flags.IntVar(&c.ClientBurst, "client-burst", 0, "maximum `calls` of one client at once; a value below client-rate counts as client-rate")
	flags.StringSliceVar(&c.CORSOrigins, "cors-origins", nil, "`origins` such as https://app.example.com whose pages may call REST; * for all")
	flags.DurationVar(&c.ClientTimeout, "client-timeout", 30*time.Second, "timeout for a REST request or response, and for a gRPC ping")
	flags.DurationVar(&c.HandshakeTimeout, "handshake-timeout", 5*time.Second, "timeout for handshakes and REST headers; less than drain-timeout")
	flags.DurationVar(&c.IdleTimeout, "idle-timeout", 15*time.Minute, "timeout of a connection without calls")
	flags.DurationVar(&c.MaxConnectionAge, "max-connection-age", 0, "age at which gRPC clients reconnect; 0 sets no limit")
	flags.DurationVar(&c.DrainDelay, "drain-delay", 0, "delay of shutdown after readiness ends, for load balancers to notice")
	flags.DurationVar(&c.DrainTimeout, "drain-timeout", 20*time.Second, "timeout for in-flight calls at shutdown")
	flags.DurationVar(&c.SlowCall, "slow-call", 500*time.Millisecond, "minimum `duration` of a call that is logged as slow")
	flags.IntVar(&c.LogRate, "log-rate", 10, "maximum log `lines` about calls per second; the rest is counted")
}
