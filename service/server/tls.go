package server

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"time"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

// greetTLS is a handshake of the HTTP port. It comes before the connection is served, so that one that fails is counted and not
// logged: anybody can make as many of them as they like.
func (c Config) greetTLS(conn net.Conn) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), c.HandshakeTimeout)
	defer cancel()
	secure := tls.Server(conn, c.TLS)
	err := secure.HandshakeContext(ctx)
	if inTheClear, ok := errors.AsType[tls.RecordHeaderError](err); ok && inTheClear.Conn != nil {
		_ = conn.SetWriteDeadline(time.Now().Add(c.HandshakeTimeout))
		_, _ = io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\nthis port speaks TLS\n")
	}
	return secure, err
}

// The time and the bytes for the peer of a connection that is refused to read why. If it was closed while the peer still sends, the
// peer would hear of a broken connection and nothing else.
const (
	partingTime  = 500 * time.Millisecond
	partingBytes = 64 << 10
)

// partInPeace ends our side of a connection and waits for the peer to end its own.
func partInPeace(conn net.Conn) {
	half, ok := conn.(interface{ CloseWrite() error })
	if ok && half.CloseWrite() == nil && conn.SetReadDeadline(time.Now().Add(partingTime)) == nil {
		_, _ = io.CopyN(io.Discard, conn, partingBytes)
	}
}

// credentials are those of gRPC.
func (s *Server) credentials() credentials.TransportCredentials {
	if s.config.TLS == nil {
		return civil{insecure.NewCredentials(), s.observer}
	}
	return civil{credentials.NewTLS(s.config.TLS), s.observer}
}

// civil credentials tell of handshakes that fail, and let the peer hear why. The frames of those that succeed are looked at.
type civil struct {
	credentials.TransportCredentials
	observer *observer
}

// ServerHandshake implements credentials.TransportCredentials.
func (c civil) ServerHandshake(conn net.Conn) (net.Conn, credentials.AuthInfo, error) {
	secure, info, err := c.TransportCredentials.ServerHandshake(conn)
	if err != nil {
		c.observer.handshakeFailed("grpc", conn.RemoteAddr(), err)
		partInPeace(conn)
		return secure, info, err
	}
	return newFramed(secure, c.observer.held), info, nil
}

// Clone implements credentials.TransportCredentials.
func (c civil) Clone() credentials.TransportCredentials {
	return civil{c.TransportCredentials.Clone(), c.observer}
}
