// Package server serves gRPC and REST: listeners, interceptors, the REST gateway, limits and shutdown. It knows nothing of
// what the services do. REST requests call the services in process, through the same interceptors as gRPC.
//
//	s, err := server.Listen(config, "example.com", log, service)
//	err = s.Serve(ctx) // until ctx ends and the calls in flight have finished
package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/prometheus/client_golang/prometheus"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection"
	"google.golang.org/protobuf/proto"
)

// Service is what a Server serves: methods, their REST routes, and the form of REST replies.
type Service interface {
	// Register registers the service with a gRPC server.
	Register(grpc.ServiceRegistrar)
	// RegisterREST registers the service's routes with a gateway that calls the service through the connection.
	RegisterREST(context.Context, *runtime.ServeMux, grpc.ClientConnInterface) error
	// RESTOptions returns additional options of the gateway. Its handlers can read the body once more, by GetBody.
	RESTOptions() []runtime.ServeMuxOption
	// ReadJSON reads a REST request, and rejects unknown fields. Its error names the place as: field "a[1].b".
	ReadJSON([]byte, proto.Message) error
	// JSON encodes a REST reply.
	JSON(proto.Message) ([]byte, error)
	// WriteError writes an error as the REST reply. The status carries an ErrorInfo.
	WriteError(http.ResponseWriter, *http.Request, int, *statuspb.Status)
}

// Pages are HTTP pages that a port serves besides REST.
type Pages interface {
	// RegisterPages registers each page with its method and path.
	RegisterPages(*http.ServeMux)
}

// NotFoundPages are Pages with a page for browsers whose path nothing matches.
type NotFoundPages interface {
	Pages
	// ServeNotFound answers with the status 404.
	ServeNotFound(http.ResponseWriter, *http.Request)
}

// Server serves gRPC and REST.
type Server struct {
	config       Config
	log          *slog.Logger
	listeners    struct{ grpc, http, admin *listener }
	grpc         *grpc.Server
	http         *http.Server
	admin        *http.Server
	health       *health.Server
	interceptors *interceptors
	draining     atomic.Bool
}

// Listen opens the ports. The server answers no calls before Serve. The server's own errors carry the domain.
func Listen(config Config, domain string, log *slog.Logger, service Service, pages ...Pages) (*Server, error) {
	config.Registry = cmp.Or(config.Registry, prometheus.NewRegistry())
	prefixed := prometheus.WrapRegistererWithPrefix(strings.ReplaceAll(domain, ".", "_")+"_", config.Registry)
	s := &Server{
		config: config, log: log, health: health.NewServer(),
		interceptors: newInterceptors(config, domain, log, newMetrics(config.Registry, prefixed)),
	}
	s.grpc = newGRPC(config, s.interceptors)
	local := &inProcessConn{chainUnary(s.interceptors.unary()), map[string]localMethod{}}
	services := registrar{s.grpc, local, s.interceptors}
	service.Register(services)
	healthpb.RegisterHealthServer(services, s.health)
	reflection.Register(s.grpc)
	s.interceptors.metrics.registerMethods(s.grpc)
	rest, err := newGateway(s.interceptors, local, service, s.newMux(pages), pages)
	if err != nil {
		return nil, err
	}
	s.http, s.admin = s.newHTTP(rest), s.newAdmin()
	if err := s.listen(); err != nil {
		return nil, err
	}
	s.registerGauges(prefixed)
	return s, nil
}

// listen opens all ports, or none.
func (s *Server) listen() error {
	var opened []net.Listener
	for _, port := range []struct {
		flag, address  string
		maxConnections int
		listener       **listener
	}{
		{"--grpc-addr", s.config.GRPCAddr, s.config.MaxConnections, &s.listeners.grpc},
		{"--http-addr", s.config.HTTPAddr, s.config.MaxConnections, &s.listeners.http},
		{"--admin-addr", s.config.AdminAddr, 0, &s.listeners.admin},
	} {
		if port.address == "" {
			continue
		}
		l, err := net.Listen("tcp", port.address)
		if err != nil {
			for _, l := range opened {
				l.Close()
			}
			return fmt.Errorf("%s: %w", port.flag, err)
		}
		opened = append(opened, l)
		*port.listener = newListener(l, port.maxConnections)
	}
	return nil
}

// GRPCAddr returns the address of the gRPC port.
func (s *Server) GRPCAddr() string { return s.listeners.grpc.address() }

// HTTPAddr returns the address of the REST port.
func (s *Server) HTTPAddr() string { return s.listeners.http.address() }

// AdminAddr returns the address of the admin port, empty without one.
func (s *Server) AdminAddr() string { return s.listeners.admin.address() }

// Serve answers calls until the context ends. Then it reports NOT_SERVING, lets the calls in flight finish, and returns nil.
// It returns an error if a port fails or if it cuts off calls.
func (s *Server) Serve(ctx context.Context) error {
	for name := range s.grpc.GetServiceInfo() {
		s.health.SetServingStatus(name, healthpb.HealthCheckResponse_SERVING)
	}
	failed := make(chan error, 3)
	go func() { failed <- s.grpc.Serve(s.listeners.grpc) }()
	go func() { failed <- s.serveHTTP() }()
	if s.listeners.admin != nil {
		go func() { failed <- s.admin.Serve(s.listeners.admin) }()
		defer s.admin.Close() // last: probes and metrics are served during the drain
	}
	select {
	case err := <-failed:
		s.grpc.Stop()
		return errors.Join(err, s.http.Close())
	case <-ctx.Done():
		return s.drain()
	}
}

func (s *Server) serveHTTP() error {
	if s.config.TLS == nil {
		return s.http.Serve(s.listeners.http)
	}
	return s.http.ServeTLS(s.listeners.http, "", "")
}
