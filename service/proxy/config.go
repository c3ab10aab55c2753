package proxy

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/pflag"
)

// Config is what the proxy forwards to, where it listens, and its limits.
type Config struct {
	Upstream     string // URL without a path
	UpstreamAddr string // address to dial instead of the host of Upstream; empty for none
	UpstreamCA   string // PEM file of authorities; empty for the system's
	Addr         string
	AdminAddr    string // plaintext port for operators; empty opens none

	Raise        bool
	RaisePartial bool
	Locale       string // for clients that name no language

	MaxBody        int // bytes of a response that are read to judge it
	MaxHeader      int // bytes of the headers of a request, and of a response
	MaxConnections int // open connections of clients

	HandshakeTimeout time.Duration // for the headers of a request, and for the connection to upstream
	PeerTimeout      time.Duration // for each read from a client and each write to it
	IdleTimeout      time.Duration // of a client's connection without requests
	UpstreamTimeout  time.Duration // for the headers of a response
	DrainDelay       time.Duration // between the end of readiness and the end of listening
	DrainTimeout     time.Duration // for the requests in flight at shutdown

	Registry *prometheus.Registry // metrics of /metrics, to which the proxy adds its own
	Admin    []Pages              // further pages of the admin port
}

// Limits without a flag.
const (
	// upstreamIdleTimeout is less than the idle timeouts of common servers: a request on a connection that upstream is
	// closing would fail.
	upstreamIdleTimeout = 20 * time.Second
	// connDrainTimeout bounds the wait for connections to close on shutdown.
	connDrainTimeout = 500 * time.Millisecond
	// maxScrapes bounds concurrent scrapes of the metrics.
	maxScrapes = 8
)

// Bind defines a flag for each setting, with its default.
func (c *Config) Bind(flags *pflag.FlagSet) {
	flags.StringVar(&c.Upstream, "upstream", "", "`address` of the CBC, such as https://bss.myhuaweicloud.com; required")
	flags.StringVar(&c.UpstreamAddr, "upstream-addr", "", "`address` to connect to, if the host of upstream resolves to the sidecar")
	flags.StringVar(&c.UpstreamCA, "upstream-ca", "", "`file` of authorities of upstream in PEM; by default those of the system")
	flags.StringVar(&c.Addr, "addr", "127.0.0.1:8080", "listen `address` in plaintext; port 0 picks a free one")
	flags.StringVar(&c.AdminAddr, "admin-addr", "", "listen `address` for metrics, health and pprof; keep it private")
	flags.BoolVar(&c.Raise, "raise", false, "turn errors in 2xx responses into HTTP errors, and write code and text where SDKs read them")
	flags.BoolVar(&c.RaisePartial, "raise-partial", false, "raise partial failures too; SDKs then lose the result of what succeeded")
	flags.StringVar(&c.Locale, "locale", "en", "`language` of texts for clients that name none")
	flags.IntVar(&c.MaxBody, "max-body", 1<<20, "maximum size of a judged response body in `bytes`; larger ones pass unread")
	flags.IntVar(&c.MaxHeader, "max-header", 64<<10, "maximum size of the headers of a request or response in `bytes`")
	flags.IntVar(&c.MaxConnections, "max-connections", 1024, "maximum open connections of clients; further clients wait")
	flags.DurationVar(&c.HandshakeTimeout, "handshake-timeout", 5*time.Second, "timeout for request headers, and for the connection to upstream")
	flags.DurationVar(&c.PeerTimeout, "peer-timeout", 30*time.Second, "timeout for each read from a client and each write to it")
	flags.DurationVar(&c.IdleTimeout, "idle-timeout", 15*time.Minute, "timeout of a client's connection without requests")
	flags.DurationVar(&c.UpstreamTimeout, "upstream-timeout", time.Minute, "timeout for the headers of a response of upstream")
	flags.DurationVar(&c.DrainDelay, "drain-delay", 0, "delay of shutdown after readiness ends, for clients to notice")
	flags.DurationVar(&c.DrainTimeout, "drain-timeout", 20*time.Second, "timeout for in-flight requests at shutdown")
}

// upstreamURL returns the URL of upstream, or an error that names the flag.
func (c Config) upstreamURL() (*url.URL, error) {
	u, err := url.Parse(c.Upstream)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || c.Upstream != u.Scheme+"://"+u.Host || u.Hostname() == "" {
		return nil, fmt.Errorf("--upstream: %q is not http:// or https:// and a host", c.Upstream)
	}
	return u, nil
}

// Validate returns an error that names the flags which are invalid or depend on each other.
func (c Config) Validate() error {
	_, err := c.upstreamURL()
	if _, _, invalid := net.SplitHostPort(c.UpstreamAddr); c.UpstreamAddr != "" && invalid != nil {
		err = errors.Join(err, fmt.Errorf("--upstream-addr: %q is not an address with a port", c.UpstreamAddr))
	}
	if c.RaisePartial && !c.Raise {
		err = errors.Join(err, errors.New("--raise-partial needs --raise"))
	}
	return err
}
