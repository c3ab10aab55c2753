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

// connectionFlags returns flags with a pod's limit of connections. The other limits admit all clients at once, on a slow machine.
func connectionFlags() []string {
	return append(freePorts(), "--max-connections", "1024", "--max-calls", "2048", "--handshake-timeout", "15s")
}

// All clients below the limit are served, though they send their request late.
func lateClients(t *testing.T, p program) {
	d := p.start(t, nil, connectionFlags()...)
	const n = 600
	var calls []func() error
	for address, call := range d.connCalls(t) {
		for range n {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { conn.Close() })
			calls = append(calls, func() error { return call(conn) })
		}
	}
	time.Sleep(50 * time.Millisecond)
	callAll(t, 2*n, calls)
}

// All clients below the limit are served, though they connect while the process is stopped.
func clientsDuringPause(t *testing.T, p program) {
	d := p.start(t, nil, connectionFlags()...)
	const n = 900
	var calls []func() error
	for address, call := range d.connCalls(t) {
		for range n {
			calls = append(calls, func() error {
				conn, err := net.Dial("tcp", address)
				if err != nil {
					return err
				}
				t.Cleanup(func() { conn.Close() }) // keep all open
				return call(conn)
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
	callAll(t, 2*n, calls)
}

// callAll makes all calls concurrently, and requires that n succeed.
func callAll(t *testing.T, n int, calls []func() error) {
	t.Helper()
	var served atomic.Int64
	var first sync.Once
	var all sync.WaitGroup
	for _, call := range calls {
		all.Go(func() {
			if err := call(); err != nil {
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

// connCalls returns a call over a given connection, by server address.
func (d *daemon) connCalls(t *testing.T) map[string]func(net.Conn) error {
	t.Helper()
	message, err := proto.Marshal(&errorv1.GetErrorCodeRequest{Code: "CBC.0250"})
	if err != nil {
		t.Fatal(err)
	}
	framed := append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message))), message...)
	return map[string]func(net.Conn) error{
		d.grpc: func(conn net.Conn) error {
			header := http.Header{"Content-Type": {"application/grpc"}, "Te": {"trailers"}}
			return postOver(conn, "http://"+d.grpc+errorv1.CatalogService_GetErrorCode_FullMethodName, header, framed)
		},
		strings.TrimPrefix(d.rest, "http://"): func(conn net.Conn) error {
			return postOver(conn, d.rest+translateRaw, nil, []byte(throttled))
		},
	}
}

// postOver sends a POST request over a connection, and returns an error unless the reply is a success. A header means gRPC.
func postOver(conn net.Conn, url string, header http.Header, body []byte) error {
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
	ctx, cancel := context.WithTimeout(context.Background(), 2*testTimeout)
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
