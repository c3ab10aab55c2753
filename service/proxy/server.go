package proxy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/net/netutil"
)

// Pages adds pages to the admin port.
type Pages interface {
	// RegisterPages registers each page with its method and path.
	RegisterPages(*http.ServeMux)
}

// A Server is the proxy with its ports.
type Server struct {
	config    Config
	log       *slog.Logger
	proxy     *proxy
	listeners struct{ clients, admin net.Listener }
	clients   *http.Server
	admin     *http.Server
	open      atomic.Int64 // connections of clients
	draining  atomic.Bool
}

// Listen opens the ports. The server answers no requests before Serve.
func Listen(config Config, c *catalog.Catalog, log *slog.Logger) (*Server, error) {
	if c == nil || log == nil {
		return nil, errors.New("the proxy needs a catalog and a logger")
	}
	if err := errors.Join(config.Validate(), config.validateLimits()); err != nil {
		return nil, err
	}
	config.Registry = cmp.Or(config.Registry, prometheus.NewRegistry())
	registry := prometheus.WrapRegistererWithPrefix("cbcerr_proxy_", config.Registry)
	p, err := newProxy(config, c, log, newMetrics(registry))
	if err != nil {
		return nil, err
	}
	s := &Server{config: config, log: log, proxy: p}
	s.clients, s.admin = s.newClients(), s.newAdmin()
	s.registerGauges(registry)
	if err := s.listen(); err != nil {
		return nil, err
	}
	return s, nil
}

// listen opens both ports, or none.
func (s *Server) listen() error {
	clients, err := net.Listen("tcp", s.config.Addr)
	if err != nil {
		return fmt.Errorf("--addr: %w", err)
	}
	s.listeners.clients = listener{netutil.LimitListener(clients, s.config.MaxConnections)}
	if s.config.AdminAddr == "" {
		return nil
	}
	if s.listeners.admin, err = net.Listen("tcp", s.config.AdminAddr); err != nil {
		return errors.Join(fmt.Errorf("--admin-addr: %w", err), clients.Close())
	}
	return nil
}

// A listener may be closed twice: the drain closes it before http.Server does.
type listener struct{ net.Listener }

// Close implements net.Listener.
func (l listener) Close() error {
	if err := l.Listener.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// Addr returns the address of the clients' port.
func (s *Server) Addr() string { return s.listeners.clients.Addr().String() }

// AdminAddr returns the address of the admin port, empty without one.
func (s *Server) AdminAddr() string {
	if s.listeners.admin == nil {
		return ""
	}
	return s.listeners.admin.Addr().String()
}

// newClients returns the server of the clients' port. It has no timeout for a whole request or response: both can stream.
func (s *Server) newClients() *http.Server {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Server{
		Handler: http.HandlerFunc(s.handle), Protocols: protocols, MaxHeaderBytes: s.config.MaxHeaderBytes,
		ReadHeaderTimeout: s.config.ReadHeaderTimeout, IdleTimeout: s.config.IdleTimeout, ConnState: s.countConns,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
}

// countConns counts open connections.
func (s *Server) countConns(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.open.Add(1)
	case http.StateHijacked, http.StateClosed:
		s.open.Add(-1)
	}
}

// handle proxies a request. While the server drains, it asks the client to close its connection.
func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
	m := s.proxy.metrics
	m.inFlight.Inc()
	defer m.inFlight.Dec()
	defer func(begin time.Time) { m.duration.Observe(time.Since(begin).Seconds()) }(time.Now())
	d := &deadlines{ResponseController: http.NewResponseController(w), timeout: s.config.ClientTimeout}
	if r.Body != http.NoBody {
		d.extendWrite() // the first read may write 100 Continue
		r.Body = &requestBody{r.Body, d}
	}
	writer := &responseWriter{ResponseWriter: w, deadlines: d, draining: &s.draining}
	defer writer.flushOnPanic()
	s.proxy.serve(writer, r)
}

// newAdmin returns the server of the admin port: probes, metrics and further pages.
func (s *Server) newAdmin() *http.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.config.Registry, promhttp.HandlerOpts{
		ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: maxScrapes,
	}))
	for _, p := range s.config.Admin {
		p.RegisterPages(mux)
	}
	return &http.Server{
		Handler: mux, MaxHeaderBytes: s.config.MaxHeaderBytes, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: s.config.ReadHeaderTimeout, ReadTimeout: s.config.ClientTimeout, IdleTimeout: s.config.IdleTimeout,
	}
}

// ready answers 503 while the server drains. It does not ask upstream, whose failure a restart would not cure.
func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	if s.draining.Load() {
		http.Error(w, "draining", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

// registerGauges registers the metrics of the server's state.
func (s *Server) registerGauges(registry prometheus.Registerer) {
	for name, gauge := range map[string]struct {
		help  string
		value func() float64
	}{
		"connections":     {"Open connections of clients.", func() float64 { return float64(s.open.Load()) }},
		"max_connections": {"Limit of open connections of clients.", func() float64 { return float64(s.config.MaxConnections) }},
		"draining": {"1 once the proxy has begun to stop.", func() float64 {
			if s.draining.Load() {
				return 1
			}
			return 0
		}},
	} {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: gauge.help}, gauge.value))
	}
}

// Serve proxies requests until the context ends. Then it lets the requests in flight finish, and returns nil. It returns an
// error if a port fails or if it cuts off requests.
func (s *Server) Serve(ctx context.Context) error {
	clients, admin := make(chan error, 1), make(chan error, 1)
	go func() { clients <- s.clients.Serve(s.listeners.clients) }()
	if s.listeners.admin != nil {
		go func() { admin <- s.admin.Serve(s.listeners.admin) }()
		defer s.admin.Close() // last: probes and metrics are served during the drain
	}
	select {
	case err := <-clients:
		return err
	case err := <-admin:
		return errors.Join(err, s.clients.Close())
	case <-ctx.Done():
		return s.drain(clients)
	}
}

// drain stops the server without losing a request of an accepted connection. net/http drops a request that it reads after
// Shutdown has begun, so that drain first waits for the end of Serve, which counts the last connection.
func (s *Server) drain(served <-chan error) error {
	s.draining.Store(true)
	time.Sleep(s.config.DrainDelay)
	ctx, cancel := context.WithTimeout(context.Background(), s.config.DrainTimeout)
	defer cancel()
	s.listeners.clients.Close()
	if err := <-served; !errors.Is(err, net.ErrClosed) {
		s.log.Warn("listener", "error", err)
	}
	for end := time.Now().Add(connDrainTimeout); s.open.Load() > 0 && time.Now().Before(end); {
		time.Sleep(connDrainTimeout / 100)
	}
	if err := s.clients.Shutdown(ctx); err != nil {
		s.clients.Close()
		return fmt.Errorf("requests that still ran after %v were cut off: %w", s.config.DrainTimeout, err)
	}
	return nil
}
