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

	MaxBodyBytes   int // of a response that is judged
	MaxHeaderBytes int // of the headers of a request, and of a response
	MaxConnections int // open connections of clients

	ReadHeaderTimeout   time.Duration // for the headers of a request
	ClientTimeout       time.Duration // for each read from a client and each write to it
	IdleTimeout         time.Duration // of a client's connection without requests
	ConnectTimeout      time.Duration // for the connection to upstream, and then for its TLS handshake
	UpstreamTimeout     time.Duration // for the headers of a response
	UpstreamReadTimeout time.Duration // for each read of a response's body, except for a stream of events
	DrainDelay          time.Duration // between the end of readiness and the end of listening
	DrainTimeout        time.Duration // for the requests in flight at shutdown

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
	flags.StringVar(&c.UpstreamAddr, "upstream-addr", "", "`address` with a port to connect to, such as 203.0.113.7:443, if the host of upstream resolves to the sidecar")
	flags.StringVar(&c.UpstreamCA, "upstream-ca", "", "`file` of CA certificates for upstream in PEM; by default those of the system")
	flags.StringVar(&c.Addr, "addr", "127.0.0.1:8080", "listen `address` in plaintext; port 0 picks a free one")
	flags.StringVar(&c.AdminAddr, "admin-addr", "", "listen `address` for metrics, health and pprof; keep it private")
	flags.BoolVar(&c.Raise, "raise", false, "turn errors in 2xx responses into HTTP errors; write code and text where SDKs read them")
	flags.BoolVar(&c.RaisePartial, "raise-partial", false, "raise partial failures, and errors beside an ID such as order_ids; typed SDKs lose it then")
	flags.StringVar(&c.Locale, "locale", "en", "`language` of texts for clients that name none")
	flags.IntVar(&c.MaxBodyBytes, "max-body", 1<<20, "maximum size of a judged response body in `bytes`; longer successes are not judged")
	flags.IntVar(&c.MaxHeaderBytes, "max-header", 64<<10, "maximum size of the headers of a request or response in `bytes`")
	flags.IntVar(&c.MaxConnections, "max-connections", 1024, "maximum open `connections` of clients; further clients wait")
	flags.DurationVar(&c.ReadHeaderTimeout, "read-header-timeout", 5*time.Second, "timeout for the headers of a request")
	flags.DurationVar(&c.ClientTimeout, "client-timeout", 30*time.Second, "timeout for each read from a client and each write to it")
	flags.DurationVar(&c.IdleTimeout, "idle-timeout", 15*time.Minute, "timeout of a client's connection without requests")
	flags.DurationVar(&c.ConnectTimeout, "connect-timeout", 5*time.Second, "timeout for the connection to upstream, and for its TLS handshake")
	flags.DurationVar(&c.UpstreamTimeout, "upstream-timeout", time.Minute, "timeout for the headers of a response of upstream")
	flags.DurationVar(&c.UpstreamReadTimeout, "upstream-read-timeout", time.Minute, "timeout for each read of a response's body; none for event streams")
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

// validateLimits returns an error that names the limits which are not positive. The command line has checked its own before.
func (c Config) validateLimits() (err error) {
	for _, limit := range []struct {
		flag  string
		value any
		valid bool
	}{
		{"max-body", c.MaxBodyBytes, c.MaxBodyBytes > 0},
		{"max-header", c.MaxHeaderBytes, c.MaxHeaderBytes > 0},
		{"max-connections", c.MaxConnections, c.MaxConnections > 0},
		{"read-header-timeout", c.ReadHeaderTimeout, c.ReadHeaderTimeout > 0},
		{"client-timeout", c.ClientTimeout, c.ClientTimeout > 0},
		{"idle-timeout", c.IdleTimeout, c.IdleTimeout > 0},
		{"connect-timeout", c.ConnectTimeout, c.ConnectTimeout > 0},
		{"upstream-timeout", c.UpstreamTimeout, c.UpstreamTimeout > 0},
		{"upstream-read-timeout", c.UpstreamReadTimeout, c.UpstreamReadTimeout > 0},
		{"drain-timeout", c.DrainTimeout, c.DrainTimeout > 0},
	} {
		if !limit.valid {
			err = errors.Join(err, fmt.Errorf("--%s=%v: must be more than 0", limit.flag, limit.value))
		}
	}
	return err
}
