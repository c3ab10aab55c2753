package server

import (
	"net"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

// credentials are those of gRPC.
func (s *Server) credentials() credentials.TransportCredentials {
	if s.config.TLS == nil {
		return observedCredentials{insecure.NewCredentials(), s.observer}
	}
	return observedCredentials{credentials.NewTLS(s.config.TLS), s.observer}
}

// observedCredentials tell of handshakes that fail. They look at the frames of those that succeed.
type observedCredentials struct {
	credentials.TransportCredentials
	observer *observer
}

// ServerHandshake implements credentials.TransportCredentials.
func (o observedCredentials) ServerHandshake(conn net.Conn) (net.Conn, credentials.AuthInfo, error) {
	secure, info, err := o.TransportCredentials.ServerHandshake(conn)
	if err != nil {
		o.observer.handshakeFailed("grpc", conn.RemoteAddr().String(), err.Error())
		return secure, info, err
	}
	return newFramed(secure, o.observer.held), info, nil
}

// Clone implements credentials.TransportCredentials.
func (o observedCredentials) Clone() credentials.TransportCredentials {
	return observedCredentials{o.TransportCredentials.Clone(), o.observer}
}
