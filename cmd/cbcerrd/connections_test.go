package main_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/protobuf/proto"
)

// limited are flags of a daemon with the limit of connections that a pod has. It has room for the calls of all clients at once, and
// gives those on a busy machine some time to ask.
func limited() []string {
	return append(freePorts(), "--max-connections", "1024", "--max-calls", "2048", "--handshake-timeout", "15s")
}

// Clients below the limit that take their time to ask are all served.
func lateClients(t *testing.T, p program) {
	d := p.start(t, nil, limited()...)
	const n = 600
	var asks []func() error
	for address, ask := range d.asks(t) {
		for range n {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { conn.Close() })
			asks = append(asks, func() error { return ask(conn) })
		}
	}
	time.Sleep(50 * time.Millisecond)
	wantAll(t, 2*n, asks)
}

// Clients below the limit that connect and ask while the process is stopped are all served when it goes on.
func clientsOfAPause(t *testing.T, p program) {
	d := p.start(t, nil, limited()...)
	const n = 900
	var asks []func() error
	for address, ask := range d.asks(t) {
		for range n {
			asks = append(asks, func() error {
				conn, err := net.Dial("tcp", address)
				if err != nil {
					return err
				}
				t.Cleanup(func() { conn.Close() }) // all are open at the same time
				return ask(conn)
			})
		}
	}
	signal := func(s syscall.Signal) {
		if err := d.command.Process.Signal(s); err != nil {
			t.Error(err)
		}
	}
	signal(syscall.SIGSTOP)
	defer time.AfterFunc(2*time.Second, func() { signal(syscall.SIGCONT) }).Stop()
	wantAll(t, 2*n, asks)
}

// wantAll wants every client to be served, all at once.
func wantAll(t *testing.T, n int, asks []func() error) {
	t.Helper()
	var served atomic.Int64
	var first sync.Once
	var all sync.WaitGroup
	for _, ask := range asks {
		all.Go(func() {
			if err := ask(); err != nil {
				first.Do(func() { t.Error(err) })
				return
			}
			served.Add(1)
		})
	}
	all.Wait()
	if got := served.Load(); got != int64(n) {
		t.Errorf("%d of %d clients are served, want all", got, n)
	}
}

// asks are the ways to ask on a connection, by the addresses that it leads to.
func (d *daemon) asks(t *testing.T) map[string]func(net.Conn) error {
	t.Helper()
	message, err := proto.Marshal(&errorv1.GetErrorCodeRequest{Code: "CBC.0250"})
	if err != nil {
		t.Fatal(err)
	}
	framed := append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message))), message...)
	return map[string]func(net.Conn) error{
		d.grpc: func(conn net.Conn) error {
			header := http.Header{"Content-Type": {"application/grpc"}, "Te": {"trailers"}}
			return send(conn, "http://"+d.grpc+errorv1.CatalogService_GetErrorCode_FullMethodName, header, framed)
		},
		strings.TrimPrefix(d.rest, "http://"): func(conn net.Conn) error {
			return send(conn, d.rest+translateRaw, nil, []byte(throttled))
		},
	}
}

// send posts a body on a connection, and reads the whole reply, which must be a success. With a header it is for gRPC.
func send(conn net.Conn, url string, header http.Header, body []byte) error {
	var dialed atomic.Bool
	transport := &http.Transport{Protocols: new(http.Protocols), DialContext: func(context.Context, string, string) (net.Conn, error) {
		if dialed.Swap(true) {
			return nil, errors.New("the connection was closed")
		}
		return conn, nil
	}}
	transport.Protocols.SetHTTP1(header == nil)
	transport.Protocols.SetUnencryptedHTTP2(header != nil)
	request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	if header != nil {
		request.Header = header
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	reply, err := transport.RoundTrip(request.WithContext(ctx))
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	_, err = io.Copy(io.Discard, reply.Body)
	if failed := header != nil && reply.Trailer.Get("Grpc-Status") != "0"; err == nil && (failed || reply.StatusCode != http.StatusOK) {
		err = fmt.Errorf("%s: %s, %v %v", url, reply.Status, reply.Header, reply.Trailer)
	}
	return err
}
