// Package server knows transports: listeners, interceptors, the REST gateway, limits, draining. It is handed services
// and knows nothing of what they do; REST reaches them in process, through the same interceptors as gRPC.
//
//	s, err := server.Listen(config, "example.com", log, service)
//	err = s.Serve(ctx) // until ctx ends and the running calls have finished
package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/net/netutil"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/reflection"
	"google.golang.org/protobuf/proto"
)

// Service is what a server serves.
type Service interface {
	// Register adds the service to a gRPC server.
	Register(grpc.ServiceRegistrar)
	// RegisterREST adds the service's routes to a gateway that calls it through a connection.
	RegisterREST(context.Context, *runtime.ServeMux, grpc.ClientConnInterface) error
	// RESTOptions is what the gateway must do besides.
	RESTOptions() []runtime.ServeMuxOption
	// JSON writes an answer over REST.
	JSON(proto.Message) ([]byte, error)
	// WriteError answers a request over REST with an error, which has a reason by then.
	WriteError(http.ResponseWriter, *http.Request, int, *statuspb.Status)
}

// Pages are what the HTTP port serves besides REST.
type Pages interface {
	// RegisterPages adds the pages, each with the method and the path that it answers.
	RegisterPages(*http.ServeMux)
}

// Server serves over gRPC and REST.
type Server struct {
	config    Config
	log       *slog.Logger
	listeners struct{ grpc, http *listener }
	admin     *admin // nil where there is none
	grpc      *grpc.Server
	http      *http.Server
	health    *health.Server
	pages     *http.ServeMux
	observer  *observer
	draining  atomic.Bool
}

// Listen opens both ports; nothing is answered before Serve. Errors that the server itself makes have the domain.
func Listen(config Config, domain string, log *slog.Logger, service Service, pages ...Pages) (*Server, error) {
	config.Registry, config.Level = cmp.Or(config.Registry, prometheus.NewRegistry()), cmp.Or(config.Level, new(slog.LevelVar))
	metrics := prometheus.WrapRegistererWithPrefix(strings.ReplaceAll(domain, ".", "_")+"_", config.Registry)
	o := newObserver(config, domain, log, metrics)
	o.shortcuts = shortcutsOf(service)
	s := &Server{config: config, log: log, health: health.NewServer(), pages: http.NewServeMux(), observer: o}
	s.grpc = grpc.NewServer(append(config.grpcOptions(o), grpc.Creds(s.credentials()))...)
	local := &inProcess{interceptor: o.local}
	service.Register(registrar{s.grpc, local, o})
	healthpb.RegisterHealthServer(registrar{s.grpc, local, o}, s.health)
	reflection.Register(s.grpc)
	rest, err := newGateway(config, o, local, service)
	if err != nil {
		return nil, err
	}
	o.knowsStreams(s.grpc)
	s.registerPages(pages)
	s.http = config.httpServer(o.counted(config.traced(config.shared(s.withPages(rest)))), said{o})
	if err := s.listen(); err != nil {
		return nil, err
	}
	s.gauges(metrics)
	return s, nil
}

// listen opens the ports, all or none.
func (s *Server) listen() (err error) {
	var opened []net.Listener
	open := func(name, address string) (l net.Listener) {
		if err == nil {
			if l, err = net.Listen("tcp", address); err != nil {
				err = fmt.Errorf("%s: %w", name, err)
			}
			opened = append(opened, l)
		}
		return l
	}
	grpcPort, httpPort := open("gRPC", s.config.GRPCAddr), open("REST", s.config.HTTPAddr)
	if s.config.AdminAddr != "" {
		s.admin = s.newAdmin(open("admin", s.config.AdminAddr))
	}
	if err != nil {
		for _, l := range opened {
			if l != nil {
				l.Close()
			}
		}
		return err
	}
	s.listeners.grpc, s.listeners.http = s.newListener(grpcPort, "grpc"), s.newListener(httpPort, "http")
	s.listeners.http.countBytes = true
	return nil
}

// GRPCAddr is the address that gRPC is served on.
func (s *Server) GRPCAddr() string { return s.listeners.grpc.Addr().String() }

// HTTPAddr is the address that REST is served on.
func (s *Server) HTTPAddr() string { return s.listeners.http.Addr().String() }

// AdminAddr is the address for operators, empty where there is none.
func (s *Server) AdminAddr() string {
	if s.admin == nil {
		return ""
	}
	return s.admin.listener.Addr().String()
}

// Serve answers calls until the context ends; then it says that it is not serving, lets what runs finish, and
// returns nil. It returns an error if a port fails or if calls had to be cut off.
func (s *Server) Serve(ctx context.Context) error {
	for name := range s.grpc.GetServiceInfo() {
		s.health.SetServingStatus(name, healthpb.HealthCheckResponse_SERVING)
	}
	failed := make(chan error, 3)
	ended := make(chan struct{})
	defer close(ended)
	go s.observer.held.relieveHeap(ended)
	go func() { failed <- s.grpc.Serve(netutil.LimitListener(s.listeners.grpc, s.config.MaxConns)) }()
	go func() { failed <- s.serveHTTP(netutil.LimitListener(s.listeners.http, s.config.MaxConns)) }()
	if s.admin != nil {
		go func() { failed <- s.admin.serve() }()
		defer s.admin.close()
	}
	select {
	case err := <-failed:
		s.grpc.Stop()
		return errors.Join(err, s.http.Close())
	case <-ctx.Done():
		return s.drain()
	}
}

// serveHTTP serves REST. With TLS each handshake is made in the goroutine of its connection, never in Accept.
func (s *Server) serveHTTP(l net.Listener) error {
	if s.config.TLS == nil {
		return s.http.Serve(l)
	}
	return s.http.ServeTLS(l, "", "")
}

// grpcOptions are the limits and interceptors of gRPC.
func (c Config) grpcOptions(o *observer) []grpc.ServerOption {
	options := []grpc.ServerOption{
		grpc.NumStreamWorkers(streamWorkers),
		grpc.InTapHandle(headers),
		grpc.ChainStreamInterceptor(o.stream),
		grpc.UnknownServiceHandler(o.unknown),
		grpc.ForceServerCodecV2(o.codec),
		grpc.MaxRecvMsgSize(c.MaxMessage + c.MaxMessage/4), // what is larger still, gRPC refuses unread and without a reason
		grpc.InitialWindowSize(window), grpc.InitialConnWindowSize(connWindow),
		grpc.RPCDecompressor(asItCame{}),                //nolint:staticcheck // its successor is the whole program's and not this server's
		grpc.MaxHeaderListSize(uint32(c.MaxHeader / 4)), // it has no query
		grpc.MaxConcurrentStreams(uint32(c.MaxStreams)),
		grpc.ConnectionTimeout(c.HandshakeTimeout),
		grpc.KeepaliveParams(keepalive.ServerParameters{MaxConnectionIdle: c.IdleTimeout, MaxConnectionAge: c.MaxAge, Time: c.PeerTimeout, Timeout: c.PeerTimeout}),
	}
	if c.Trace != nil {
		options = append(options, c.Trace.GRPC)
	}
	return options
}

// How much a peer may send over gRPC before it is read: of a call, but for a message whose size is known by then, and of all calls of a
// connection together, which gRPC gives back at once. With windows that grow by themselves a call could have many MiB.
const (
	window     = 64 << 10
	connWindow = 1 << 20
)

// httpServer has the limits of REST.
func (c Config) httpServer(h http.Handler, said io.Writer) *http.Server {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true) // alone: the ledger takes a connection for one request at a time
	return &http.Server{
		Handler: h, ConnContext: knowPeer, MaxHeaderBytes: c.MaxHeader, ErrorLog: stdlog.New(said, "", 0),
		TLSConfig: c.TLS, Protocols: protocols,
		WriteTimeout:      2 * c.PeerTimeout, // it counts from the same moment as ReadTimeout, and the answer comes after
		ReadHeaderTimeout: c.HandshakeTimeout, ReadTimeout: c.PeerTimeout, IdleTimeout: c.IdleTimeout,
	}
}

// knowPeer has calls over REST know whom they are from, as those over gRPC do.
func knowPeer(ctx context.Context, conn net.Conn) context.Context {
	return peer.NewContext(ctx, &peer.Peer{Addr: conn.RemoteAddr()})
}

// streamWorkers is how many goroutines answer calls one after another; more calls at once get one each for themselves. A worker
// keeps the stack that it once needed.
const streamWorkers = 256
