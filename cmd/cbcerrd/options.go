package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/cbcerr/cbcerr/service/auth"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/server"
	"github.com/spf13/pflag"
)

//go:generate sh -c "go run . -h | go run flags_generate.go ../../deploy/reference/flags.md"

// options are the settings of the daemon.
type options struct {
	server           server.Config
	limits           rpc.Limits
	localesDir       string
	overlaysDir      string
	publicURL        string
	certificateFiles struct{ cert, key, clientCA string }
	tokenFiles       struct{ static, jwks string }
	issuer           auth.Issuer
	logs             logOptions
	otlpEndpoint     string
	reloadInterval   time.Duration
	unknownVariables []string // environment variables with the prefix of flags
}

// bind defines a flag for each setting.
func (o *options) bind(flags *pflag.FlagSet) {
	o.server.Bind(flags)
	o.limits.Bind(flags)
	flags.StringVar(&o.localesDir, "locales-dir", "", "`directory` of additional languages, with a file <tag>.tsv for each")
	flags.StringVar(&o.overlaysDir, "overlays-dir", "", "`directory` of an overlays.tsv that precedes the built-in overlays; may equal locales-dir")
	flags.StringVar(&o.publicURL, "public-url", "", "public `address` of REST and the explorer, to which the types of problems link")
	flags.StringVar(&o.certificateFiles.cert, "tls-cert", "", "`file` of the server certificate and its chain in PEM; enables TLS on both ports")
	flags.StringVar(&o.certificateFiles.key, "tls-key", "", "`file` of the key of the server certificate in PEM")
	flags.StringVar(&o.certificateFiles.clientCA, "tls-client-ca", "", "`file` of CA certificates for clients in PEM; requires client certificates on both ports")
	flags.StringVar(&o.tokenFiles.static, "auth-tokens", "", "`file` of tokens, with lines of client and sha256:<hex>; requires Bearer tokens on both ports")
	flags.StringVar(&o.tokenFiles.jwks, "auth-jwks", "", "`file` of public keys (JWKS) that verify signed tokens; requires Bearer tokens on both ports")
	flags.StringVar(&o.issuer.Name, "auth-issuer", "", "required `issuer` (claim iss) of signed tokens")
	flags.StringVar(&o.issuer.Audience, "auth-audience", "", "required `audience` (claim aud) of signed tokens")
	o.logs.bind(flags)
	flags.StringVar(&o.otlpEndpoint, "otlp-endpoint", "", "`address` of an OTLP collector for traces and metrics, such as http://collector:4317")
	flags.DurationVar(&o.reloadInterval, "reload-interval", 10*time.Second, "interval at which files are checked for changes; SIGHUP checks them at once")
}

const usage = `usage: cbcerrd [healthcheck] [flags]
       cbcerrd proxy --upstream URL [flags]
       cbcerrd version

Serve gRPC and REST until SIGTERM, then finish the calls in flight.
healthcheck checks whether the daemon with the same flags is ready.
proxy runs the sidecar; see cbcerrd proxy -h.

Each flag is also an environment variable: --grpc-addr is CBCERR_GRPC_ADDR. The flag overrides it.
`

// parse reads the flags, and the environment for flags that are not given.
func parse(args []string) (options, error) {
	var o options
	flags := newFlags("cbcerrd", usage)
	o.bind(flags)
	var err error
	o.unknownVariables, err = parseFlags(flags, args, o.validate)
	return o, err
}

// newFlags returns the flags of a command, in the order of their definition.
func newFlags(name, usage string) *pflag.FlagSet {
	flags := pflag.NewFlagSet(name, pflag.ContinueOnError)
	flags.SortFlags = false
	flags.Usage = func() { fmt.Print(usage + helpText(flags)) }
	return flags
}

// parseFlags sets and checks flags, and then calls validate. It returns the environment variables that may be misspelt.
func parseFlags(flags *pflag.FlagSet, args []string, validate func() error) (unknown []string, err error) {
	if err := flags.Parse(args); err != nil {
		return nil, flagError(err)
	}
	if flags.NArg() > 0 {
		return nil, fmt.Errorf("takes flags only, not %q; see -h", flags.Args())
	}
	errs := setFromEnvironment(flags)
	flags.VisitAll(func(f *pflag.Flag) { errs = errors.Join(errs, checkRange(f)) })
	return unknownVariables(flags), errors.Join(errs, validate())
}

// setFromEnvironment sets the flags that are not given.
func setFromEnvironment(flags *pflag.FlagSet) (errs error) {
	flags.VisitAll(func(f *pflag.Flag) {
		value, ok := os.LookupEnv(variable(f))
		if !ok || f.Changed {
			return
		}
		if err := f.Value.Set(value); err != nil {
			errs = errors.Join(errs, valueError(variable(f), value, f.Value, err))
		}
	})
	return errs
}

// unknownVariables returns the environment variables that may be misspelt flags. It excludes those that Kubernetes sets for a
// Service named cbcerr.
func unknownVariables(flags *pflag.FlagSet) (list []string) {
	known := map[string]bool{}
	flags.VisitAll(func(f *pflag.Flag) { known[variable(f)] = true })
	for _, setting := range os.Environ() {
		name, _, _ := strings.Cut(setting, "=")
		misspelt := strings.HasPrefix(name, variablePrefix) && !known[name]
		if misspelt && !strings.Contains(name, "_SERVICE_") && !strings.Contains(name, "_PORT") {
			list = append(list, name)
		}
	}
	return list
}

// variablePrefix is the prefix of the environment variables of all flags.
const variablePrefix = "CBCERR_"

// variable returns the environment variable of a flag.
func variable(f *pflag.Flag) string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
}

// validate checks settings that depend on each other.
func (o *options) validate() (errs error) {
	for _, need := range []struct {
		given    bool
		name     string
		missing  bool
		required string
	}{
		{o.certificateFiles.cert != "", "tls-cert", o.certificateFiles.key == "", "tls-key"},
		{o.certificateFiles.key != "", "tls-key", o.certificateFiles.cert == "", "tls-cert"},
		{o.certificateFiles.clientCA != "", "tls-client-ca", o.certificateFiles.cert == "", "tls-cert"},
		{o.tokenFiles.jwks != "", "auth-jwks", o.issuer.Name == "", "auth-issuer"},
		{o.tokenFiles.jwks != "", "auth-jwks", o.issuer.Audience == "", "auth-audience"},
		{o.issuer != auth.Issuer{}, "auth-issuer or --auth-audience", o.tokenFiles.jwks == "", "auth-jwks"},
		{o.server.ClientBurst > 0, "client-burst", o.server.ClientRate == 0, "client-rate"},
	} {
		if need.given && need.missing {
			errs = errors.Join(errs, fmt.Errorf("--%s needs --%s", need.name, need.required))
		}
	}
	if h, d := o.server.HandshakeTimeout, o.server.DrainTimeout; h >= d {
		errs = errors.Join(errs, fmt.Errorf("--handshake-timeout=%v: not shorter than --drain-timeout=%v, which waits for it", h, d))
	}
	for _, origin := range o.server.CORSOrigins {
		if u, err := url.Parse(origin); origin != "*" && (err != nil || origin != u.Scheme+"://"+u.Host || strings.Contains(origin, "*")) {
			errs = errors.Join(errs, fmt.Errorf("--cors-origins: %q is not * or a scheme, :// and a host", origin))
		}
	}
	return errs
}

// baseURL returns the URL of an HTTP port: https if there is a TLS configuration.
func baseURL(config *tls.Config, address string) string {
	if config == nil {
		return "http://" + address
	}
	return "https://" + address
}
