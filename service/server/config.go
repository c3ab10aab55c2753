package server

import (
	"crypto/tls"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/pflag"
	"google.golang.org/grpc"
)

// Config is where the server listens and how much it takes from its peers.
type Config struct {
	GRPCAddr string
	HTTPAddr string

	MaxMessage  int           // bytes of a request, over gRPC and over REST
	MaxHeader   int           // bytes of a request's headers over REST; over gRPC a quarter
	MaxStreams  int           // concurrent calls of one gRPC connection
	MaxCalls    int           // concurrent calls in all
	MaxConns    int           // open connections of the gRPC port, and of the REST port
	MaxHeld     int           // bytes of calls, requests and answers that are held for all peers
	PeerTimeout time.Duration // for reading and writing over REST
	IdleTimeout time.Duration // until a connection without calls is closed
	MaxAge      time.Duration // of a gRPC connection; 0 sets no limit

	HandshakeTimeout time.Duration // of a new connection, and for the headers of a request over REST

	DrainDelay   time.Duration // between "not serving" and the end of listening
	DrainTimeout time.Duration // for the calls that run then

	SlowCall time.Duration // from which a call is logged
	LogRate  int           // lines a second about calls

	AdminAddr   string   // of a port for operators, in the clear; empty where there is none
	ClientRate  int      // calls a second of one client; 0 sets no limit
	ClientBurst int      // calls of one client at once
	CORSOrigins []string // whose pages may call REST from a browser

	TLS          *tls.Config          // of both ports; nil serves in the clear
	Authenticate Authenticator        // of callers of both ports; nil serves everybody
	Registry     *prometheus.Registry // what /metrics shows; the server adds its own. nil makes a new one
	Level        *slog.LevelVar       // what operators can move; nil is none
	Admin        []Pages              // for operators only
	Trace        *Tracing             // nil traces nothing
	Unobserved   bool                 // calls are neither counted nor logged, to measure what that costs
}

// Tracing is how calls are traced, by somebody who knows where the traces go.
type Tracing struct {
	GRPC grpc.ServerOption
	REST func(http.Handler) http.Handler
}

// Bind makes each setting a flag, with its default and its reason.
func (c *Config) Bind(flags *pflag.FlagSet) {
	flags.StringVar(&c.GRPCAddr, "grpc-addr", ":9090", "`address` to serve gRPC on; port 0 picks a free one")
	flags.StringVar(&c.HTTPAddr, "http-addr", ":8080", "`address` to serve REST on; port 0 picks a free one")
	flags.StringVar(&c.AdminAddr, "admin-addr", "", "`address` of a third port for operators and probes, in the clear and without tokens: never reachable from outside. Empty opens none")
	flags.IntVar(&c.MaxMessage, "max-message", 16<<20, "largest request in `bytes`; a body of 4 MiB in base64 and a small batch fit")
	flags.IntVar(&c.MaxHeader, "max-header", 64<<10, "largest headers of a request over REST in `bytes`, which may have much in the query; over gRPC a quarter of them")
	flags.IntVar(&c.MaxStreams, "max-streams", 256, "most concurrent calls of one gRPC connection; a client opens a second one sooner than it waits")
	flags.IntVar(&c.MaxCalls, "max-calls", 1024, "most calls at once, from their message to their answer; more are turned away with OVERLOADED. About what one replica answers in the time that a caller is willing to wait")
	flags.IntVar(&c.MaxConns, "max-connections", 4096, "maximum open connections of the gRPC port, and of the REST port; further clients wait for one to close")
	flags.IntVar(&c.MaxHeld, "max-held", 64<<20, "most `bytes` of open calls, of requests, and of answers that clients have not read. A connection gets nothing more while it has a quarter of them; above all of them the connection with the most is closed")
	flags.IntVar(&c.ClientRate, "client-rate", 0, "most `calls` a second of one client, which is its token's name, else its certificate's subject, else its address; a batch is one, 0 sets no limit")
	flags.IntVar(&c.ClientBurst, "client-burst", 0, "most `calls` of one client at once where there is a client-rate; at least that")
	flags.StringSliceVar(&c.CORSOrigins, "cors-origins", nil, "`origins` such as https://app.example.com whose pages may call REST; * for all")
	flags.DurationVar(&c.PeerTimeout, "peer-timeout", 30*time.Second, "how long a peer may take to send a request over REST, or to answer a gRPC ping")
	flags.DurationVar(&c.HandshakeTimeout, "handshake-timeout", 5*time.Second, "timeout for the TLS and HTTP/2 handshake, and for the headers of a REST request; less than drain-timeout")
	flags.DurationVar(&c.IdleTimeout, "idle-timeout", 15*time.Minute, "how long a connection may be without calls")
	flags.DurationVar(&c.MaxAge, "max-connection-age", 0, "after how long a gRPC client is asked for a new connection, a tenth more or less; its calls finish on the old one. Clients that balance find new replicas by it; 0 sets no limit")
	flags.DurationVar(&c.DrainDelay, "drain-delay", 0, "how long to keep serving after saying that it stops; for balancers that need time to notice")
	flags.DurationVar(&c.DrainTimeout, "drain-timeout", 20*time.Second, "how long running calls may take to finish before the process ends")
	flags.DurationVar(&c.SlowCall, "slow-call", 500*time.Millisecond, "from when a call is logged for its duration")
	flags.IntVar(&c.LogRate, "log-rate", 10, "most `lines` a second about calls; what is left out is counted")
}
