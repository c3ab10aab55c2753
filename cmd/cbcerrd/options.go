package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/cbcerr/cbcerr/service/auth"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/server"
	"github.com/spf13/pflag"
)

// options are all settings of the daemon.
type options struct {
	server         server.Config
	limits         rpc.Limits
	localesDir     string
	overlaysDir    string
	publicURL      string
	certificate    struct{ file, key, clientCA string }
	tokens         struct{ file, jwks string }
	issuer         auth.Issuer
	logFormat      string
	logLevel       string
	level          *slog.LevelVar // the admin port can change it
	otlpEndpoint   string
	reloadInterval time.Duration
	unknown        []string // variables that look like ours
}

// bind makes each setting a flag.
func (o *options) bind(flags *pflag.FlagSet) {
	o.server.Bind(flags)
	o.limits.Bind(flags)
	flags.StringVar(&o.localesDir, "locales-dir", "", "`folder` of further languages, a file <tag>.tsv each")
	flags.StringVar(&o.overlaysDir, "overlays-dir", "", "`folder` whose overlays.tsv has further special cases, tried before those that there are; may be the same")
	flags.StringVar(&o.publicURL, "public-url", "", "`address` that people reach REST and the explorer at; problems point to its pages. It is never taken from a request")
	flags.StringVar(&o.certificate.file, "tls-cert", "", "`file` of the certificate and its chain in PEM; both ports then speak TLS, of version 1.2 at least")
	flags.StringVar(&o.certificate.key, "tls-key", "", "`file` of its key in PEM")
	flags.StringVar(&o.certificate.clientCA, "tls-client-ca", "", "`file` of authorities in PEM; clients then need a certificate of one of them")
	flags.StringVar(&o.tokens.file, "auth-tokens", "", "`file` of tokens, a line each: a client's name and sha256:<hex>; both ports then want a Bearer token")
	flags.StringVar(&o.tokens.jwks, "auth-jwks", "", "`file` of public keys (JWKS); tokens signed with one of them are taken too")
	flags.StringVar(&o.issuer.Name, "auth-issuer", "", "`iss` of signed tokens")
	flags.StringVar(&o.issuer.Audience, "auth-audience", "", "`aud` that signed tokens must name")
	flags.StringVar(&o.logFormat, "log-format", "text", "`format` of the log: text or json")
	flags.StringVar(&o.logLevel, "log-level", "info", "`level` from which is logged: debug, info, warn or error; the admin port moves it")
	flags.StringVar(&o.otlpEndpoint, "otlp-endpoint", "", "`address` such as http://collector:4317 that traces and metrics go to; OpenTelemetry's own variables work too")
	flags.DurationVar(&o.reloadInterval, "reload-interval", 10*time.Second, "how often the files that flags name are looked at; SIGHUP has them looked at now")
}

// parse reads the flags, and for those that are not given the environment.
func parse(args []string) (options, error) {
	var o options
	flags := pflag.NewFlagSet("cbcerrd", pflag.ContinueOnError)
	flags.SortFlags = false
	o.bind(flags)
	flags.VisitAll(func(f *pflag.Flag) { f.Usage += " [" + variable(f) + "]" })
	flags.Usage = func() {
		fmt.Printf("usage: cbcerrd [healthcheck] [flags]\n       cbcerrd version\n\nServes gRPC and REST until SIGTERM, then lets running calls finish. With healthcheck it asks the daemon that runs\nwith the same flags whether it is ready. A flag overrides its environment variable, named in brackets.\n\n%s", flags.FlagUsages())
	}
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("takes flags only, not %q; see -h", flags.Args())
	}
	wrong := fromEnvironment(flags)
	o.unknown = unknownVariables(flags)
	flags.VisitAll(func(f *pflag.Flag) { wrong = errors.Join(wrong, inRange(f)) })
	return o, errors.Join(wrong, o.complete())
}

// fromEnvironment sets the flags that were not given.
func fromEnvironment(flags *pflag.FlagSet) (wrong error) {
	flags.VisitAll(func(f *pflag.Flag) {
		value, ok := os.LookupEnv(variable(f))
		if !ok || f.Changed {
			return
		}
		if err := f.Value.Set(value); err != nil {
			wrong = errors.Join(wrong, fmt.Errorf("%s=%q: %w", variable(f), value, err))
		}
	})
	return wrong
}

// unknownVariables are those that somebody may have meant for a flag. Kubernetes makes some of a Service's name.
func unknownVariables(flags *pflag.FlagSet) (list []string) {
	known := map[string]bool{}
	flags.VisitAll(func(f *pflag.Flag) { known[variable(f)] = true })
	for _, setting := range os.Environ() {
		name, _, _ := strings.Cut(setting, "=")
		ours := strings.HasPrefix(name, prefix) && !known[name]
		if ours && !strings.Contains(name, "_SERVICE_") && !strings.Contains(name, "_PORT") {
			list = append(list, name)
		}
	}
	return list
}

// prefix is what the variables of all flags begin with.
const prefix = "CBCERR_"

// variable is the environment variable of a flag.
func variable(f *pflag.Flag) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
}

// complete refuses settings of which one needs another.
func (o options) complete() (wrong error) {
	for _, need := range []struct {
		given   bool
		name    string
		lacking bool
		other   string
	}{
		{o.certificate.file != "", "tls-cert", o.certificate.key == "", "tls-key"},
		{o.certificate.key != "", "tls-key", o.certificate.file == "", "tls-cert"},
		{o.certificate.clientCA != "", "tls-client-ca", o.certificate.file == "", "tls-cert"},
		{o.tokens.jwks != "", "auth-jwks", o.issuer.Name == "", "auth-issuer"},
		{o.tokens.jwks != "", "auth-jwks", o.issuer.Audience == "", "auth-audience"},
		{o.issuer != auth.Issuer{}, "auth-issuer or --auth-audience", o.tokens.jwks == "", "auth-jwks"},
		{o.server.ClientBurst > 0, "client-burst", o.server.ClientRate == 0, "client-rate"},
	} {
		if need.given && need.lacking {
			wrong = errors.Join(wrong, fmt.Errorf("--%s needs --%s", need.name, need.other))
		}
	}
	if h, d := o.server.HandshakeTimeout, o.server.DrainTimeout; h >= d {
		wrong = errors.Join(wrong, fmt.Errorf("--handshake-timeout=%v: not shorter than --drain-timeout=%v, which waits for it", h, d))
	}
	for _, origin := range o.server.CORSOrigins {
		if u, err := url.Parse(origin); origin != "*" && (err != nil || origin != u.Scheme+"://"+u.Host || strings.Contains(origin, "*")) {
			wrong = errors.Join(wrong, fmt.Errorf("--cors-origins: %q is not * or a scheme, :// and a host", origin))
		}
	}
	return wrong
}

// most is the largest number that a limit can be: whatever is counted, no protobuf message holds more.
const most = 1 << 30

// inRange refuses limits that would refuse everything, or nothing.
func inRange(f *pflag.Flag) error {
	value := f.Value.String()
	number := f.Value.Type() == "int" || f.Value.Type() == "duration"
	limit := strings.HasPrefix(f.Name, "max-") || strings.HasSuffix(f.Name, "-timeout") || strings.HasSuffix(f.Name, "-interval")
	if zero := value == "0" || value == "0s"; number && (strings.HasPrefix(value, "-") || zero && limit && f.DefValue != value) {
		return fmt.Errorf("--%s=%s: too small", f.Name, value)
	}
	if n, err := strconv.Atoi(value); err == nil && n > most {
		return fmt.Errorf("--%s=%s: too large, at most %d", f.Name, value, most)
	}
	return nil
}

// logger writes to standard error.
func (o options) logger() (*slog.Logger, error) {
	if err := o.level.UnmarshalText([]byte(o.logLevel)); err != nil {
		return nil, fmt.Errorf("--log-level=%s: not debug, info, warn or error", o.logLevel)
	}
	handler := &slog.HandlerOptions{Level: o.level}
	switch o.logFormat {
	case "text":
		return slog.New(slog.NewTextHandler(os.Stderr, handler)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(os.Stderr, handler)), nil
	}
	return nil, fmt.Errorf("--log-format=%s: neither text nor json", o.logFormat)
}

func scheme(config *tls.Config) string {
	if config == nil {
		return "http://"
	}
	return "https://"
}
