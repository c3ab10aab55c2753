// Package server serves gRPC and REST: listeners, interceptors, the REST gateway, limits and shutdown. Callers give it
// services; it does not know what they do. REST calls them in process, through the same interceptors as gRPC.
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

// Service is what a server serves.
type Service interface {
	// Register adds the service to a gRPC server.
	Register(grpc.ServiceRegistrar)
	// RegisterREST adds the service's routes to a gateway that calls it through a connection.
	RegisterREST(context.Context, *runtime.ServeMux, grpc.ClientConnInterface) error
	// RESTOptions returns further options of the gateway.
	RESTOptions() []runtime.ServeMuxOption
	// JSON writes an answer over REST.
	JSON(proto.Message) ([]byte, error)
	// WriteError answers a REST request with an error, which has a reason.
	WriteError(http.ResponseWriter, *http.Request, int, *statuspb.Status)
}

// Pages are what the HTTP port serves besides REST.
type Pages interface {
	// RegisterPages adds the pages, each with its method and path.
	RegisterPages(*http.ServeMux)
}

// Server serves gRPC and REST.
type Server struct {
	config    Config
	log       *slog.Logger
	listeners struct{ grpc, http *listener }
	admin     *admin // nil without an admin port
	grpc      *grpc.Server
	http      *http.Server
	health    *health.Server
	pages     *http.ServeMux
	calls     *calls
	draining  atomic.Bool
}

// Listen opens the ports. The server answers nothing before Serve. The server's own errors have the domain.
func Listen(config Config, domain string, log *slog.Logger, service Service, pages ...Pages) (*Server, error) {
	config.Registry = cmp.Or(config.Registry, prometheus.NewRegistry())
	own := prometheus.WrapRegistererWithPrefix(strings.ReplaceAll(domain, ".", "_")+"_", config.Registry)
	s := &Server{
		config: config, log: log, health: health.NewServer(), pages: http.NewServeMux(),
		calls: newCalls(config, domain, log, newMetrics(config.Registry, own)),
	}
	s.grpc = newGRPC(config, s.calls)
	local := &inProcess{chain(s.calls.unary()), map[string]localMethod{}}
	service.Register(registrar{s.grpc, local, s.calls})
	healthpb.RegisterHealthServer(registrar{s.grpc, local, s.calls}, s.health)
	reflection.Register(s.grpc)
	s.calls.metrics.know(s.grpc)
	s.registerPages(pages)
	rest, err := newGateway(s.calls, local, service, s.pages)
	if err != nil {
		return nil, err
	}
	s.http = s.newHTTP(rest)
	if err := s.listen(); err != nil {
		return nil, err
	}
	s.registerGauges(own)
	return s, nil
}

// listen opens all ports or none.
func (s *Server) listen() error {
	var opened []net.Listener
	for _, port := range []struct {
		name, address string
		use           func(net.Listener)
	}{
		{"gRPC", s.config.GRPCAddr, func(l net.Listener) { s.listeners.grpc = newListener(l, s.config.MaxConns) }},
		{"REST", s.config.HTTPAddr, func(l net.Listener) { s.listeners.http = newListener(l, s.config.MaxConns) }},
		{"admin", s.config.AdminAddr, func(l net.Listener) { s.admin = s.newAdmin(l) }},
	} {
		if port.address == "" {
			continue
		}
		l, err := net.Listen("tcp", port.address)
		if err != nil {
			for _, l := range opened {
				l.Close()
			}
			return fmt.Errorf("%s: %w", port.name, err)
		}
		opened = append(opened, l)
		port.use(l)
	}
	return nil
}

// GRPCAddr is the address of gRPC.
func (s *Server) GRPCAddr() string { return s.listeners.grpc.Addr().String() }

// HTTPAddr is the address of REST.
func (s *Server) HTTPAddr() string { return s.listeners.http.Addr().String() }

// AdminAddr is the address of the admin port, empty without one.
func (s *Server) AdminAddr() string {
	if s.admin == nil {
		return ""
	}
	return s.admin.listener.Addr().String()
}

// Serve answers calls until the context ends. Then it reports "not serving", lets the calls in flight finish, and
// returns nil. It returns an error if a port fails or if it cuts off calls.
func (s *Server) Serve(ctx context.Context) error {
	for name := range s.grpc.GetServiceInfo() {
		s.health.SetServingStatus(name, healthpb.HealthCheckResponse_SERVING)
	}
	failed := make(chan error, 3)
	go func() { failed <- s.grpc.Serve(s.listeners.grpc) }()
	go func() { failed <- s.serveHTTP() }()
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

func (s *Server) serveHTTP() error {
	if s.config.TLS == nil {
		return s.http.Serve(s.listeners.http)
	}
	return s.http.ServeTLS(s.listeners.http, "", "")
}
