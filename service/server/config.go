package server

import (
	"crypto/tls"
	"time"

	"github.com/spf13/pflag"
)

// Config is where the server listens and how much it takes from its peers.
type Config struct {
	GRPCAddr string
	HTTPAddr string

	MaxMessage  int           // bytes of a request, over gRPC and over REST
	MaxHeader   int           // bytes of a request's headers
	MaxStreams  int           // concurrent calls of one gRPC connection
	MaxCalls    int           // concurrent calls in all
	PeerTimeout time.Duration // for headers, and for reading and writing over REST
	IdleTimeout time.Duration // until a connection without calls is closed

	HandshakeTimeout time.Duration // of a gRPC connection

	DrainDelay   time.Duration // between "not serving" and the end of listening
	DrainTimeout time.Duration // for the calls that run then

	SlowCall time.Duration // from which a call is logged
	LogRate  int           // lines a second about calls

	TLS        *tls.Config // of both ports; nil serves in the clear
	Unobserved bool        // calls are neither counted nor logged, to measure what that costs
}

// Bind makes each setting a flag, with its default and its reason.
func (c *Config) Bind(flags *pflag.FlagSet) {
	flags.StringVar(&c.GRPCAddr, "grpc-addr", ":9090", "`address` to serve gRPC on; port 0 picks a free one")
	flags.StringVar(&c.HTTPAddr, "http-addr", ":8080", "`address` to serve REST on; port 0 picks a free one")
	flags.IntVar(&c.MaxMessage, "max-message", 16<<20, "largest request in `bytes`; a body of 4 MiB in base64 and a small batch fit")
	flags.IntVar(&c.MaxHeader, "max-header", 64<<10, "largest headers of a request in `bytes`; REST may have much in the query")
	flags.IntVar(&c.MaxStreams, "max-streams", 256, "most concurrent calls of one gRPC connection; a client opens a second one sooner than it waits")
	flags.IntVar(&c.MaxCalls, "max-calls", 1024, "most calls worked on at once; more are turned away with OVERLOADED as soon as they have been read")
	flags.DurationVar(&c.PeerTimeout, "peer-timeout", 30*time.Second, "how long a peer may take to send a request over REST, or to answer a gRPC ping")
	flags.DurationVar(&c.HandshakeTimeout, "handshake-timeout", 5*time.Second, "how long a peer may take to begin a gRPC connection; shorter than drain-timeout, which waits for it")
	flags.DurationVar(&c.IdleTimeout, "idle-timeout", 15*time.Minute, "how long a connection may be without calls")
	flags.DurationVar(&c.DrainDelay, "drain-delay", 0, "how long to keep serving after saying that it stops; for balancers that need time to notice")
	flags.DurationVar(&c.DrainTimeout, "drain-timeout", 20*time.Second, "how long running calls may take to finish before the process ends")
	flags.DurationVar(&c.SlowCall, "slow-call", 500*time.Millisecond, "from when a call is logged for its duration")
	flags.IntVar(&c.LogRate, "log-rate", 10, "most `lines` a second about calls; what is left out is counted")
}
