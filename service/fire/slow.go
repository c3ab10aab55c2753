package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// slowAttacks are the ways not to read.
var slowAttacks = []attack{
	{name: "gRPC, unary calls: windows that stay closed", run: closedWindows},
	{name: "gRPC, small calls without end: windows that stay closed", run: closedForEver},
	{name: "gRPC, unary calls: sockets that nobody reads", run: deafSockets},
	{name: "gRPC, streams that are sent to and not read", run: deafStreams},
	{name: "REST, sockets that nobody reads", run: deafREST},
}

// slow has clients that do not read, in each way at a fresh daemon.
func slow(f *fire, o *outcome) error { return f.each(o, "who does not read", slowAttacks) }

// slowConns is how many connections a client that does not read has.
const slowConns = 4

// largeBatch is a request whose answer is some hundreds of KB.
func largeBatch() ([]byte, error) {
	batch := new(errorv1.BatchTranslateRequest)
	for i := range 500 {
		batch.Requests = append(batch.Requests, questions()[i%8].request())
	}
	return proto.Marshal(batch)
}

// closedWindows asks for as much as a connection may and never opens a window for answers, but answers pings.
func closedWindows(ctx context.Context, t *target) (string, error) {
	request, err := largeBatch()
	if err != nil {
		return "", err
	}
	return manyConns(ctx, t.grpc, slowConns, "requests", func(conn net.Conn) int {
		p, err := newPeer(conn, 0)
		if err != nil {
			return 0
		}
		go p.answerPings()
		asked := 0
		for ; asked < 256 && p.call(batchMethod, request) == nil; asked++ {
		}
		<-ctx.Done()
		return asked
	})
}

// closedForEver does so with small answers: a call that is answered is over for the daemon, so a connection may begin the next.
func closedForEver(ctx context.Context, t *target) (string, error) {
	request, err := proto.Marshal(questions()[0].request())
	if err != nil {
		return "", err
	}
	return manyConns(ctx, t.grpc, slowConns, "requests", func(conn net.Conn) (asked int) {
		p, err := newPeer(conn, 0)
		if err != nil {
			return 0
		}
		go p.answerPings()
		for ctx.Err() == nil && p.call(translateMethod, request) == nil {
			asked++
		}
		return asked
	})
}

// deafSockets asks and reads nothing at all, not even pings.
func deafSockets(ctx context.Context, t *target) (string, error) {
	request, err := largeBatch()
	if err != nil {
		return "", err
	}
	return manyConns(ctx, t.grpc, slowConns, "requests", func(conn net.Conn) int {
		p, err := newPeer(conn, 1<<30)
		if err != nil {
			return 0
		}
		asked := 0
		for ; ctx.Err() == nil && p.call(batchMethod, request) == nil; asked++ {
		}
		<-ctx.Done()
		return asked
	})
}

// deafStreams sends requests on streams until it is not read from any more.
func deafStreams(ctx context.Context, t *target) (string, error) {
	sent := make(chan int)
	for range slowConns {
		conn, err := dialOne(new(attempts), t.grpc, nil, grpc.WithContextDialer(dialAttack))
		if err != nil {
			return "", err
		}
		defer conn.Close()
		for range 100 {
			go func() { sent <- deafStream(ctx, conn) }()
		}
	}
	total := 0
	for range 100 * slowConns {
		total += <-sent
	}
	return fmt.Sprintf("%d streams took %d requests", 100*slowConns, total), some(int64(total), "request was taken")
}

func deafStream(ctx context.Context, conn grpc.ClientConnInterface) (n int) {
	stream, err := errorv1.NewTranslationServiceClient(conn).StreamTranslate(ctx)
	for ; err == nil; n++ {
		err = stream.Send(&errorv1.StreamTranslateRequest{Id: "1", Request: questions()[0].request()})
	}
	<-ctx.Done()
	return n
}

// deafREST asks for the whole catalogue again and again on each connection and reads nothing.
func deafREST(ctx context.Context, t *target) (string, error) {
	return manyConns(ctx, t.rest, 200, "requests", func(conn net.Conn) int {
		asked := 0
		for ; ctx.Err() == nil; asked++ {
			_ = conn.SetWriteDeadline(time.Now().Add(time.Second))
			if _, err := io.WriteString(conn, "GET /v1/codes?pageSize=1000 HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
				break
			}
		}
		<-ctx.Done()
		return asked
	})
}

// manyConns has something done on many connections at once and adds up how much it was; they are closed when the context ends, which may
// be before all could be made.
func manyConns(ctx context.Context, address string, n int, unit string, do func(net.Conn) int) (string, error) {
	done, opened := make(chan int), 0
	var failed error
	for opened < n && ctx.Err() == nil && failed == nil {
		conn, err := dialAttack(ctx, address)
		if err != nil {
			if ctx.Err() == nil && opened == 0 {
				failed = err // later on it may be for those that there are
			}
			continue
		}
		opened++
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetReadBuffer(4 << 10) // what the kernel takes for those who do not read is no burden of the daemon
		}
		context.AfterFunc(ctx, func() { conn.Close() })
		go func() { done <- do(conn) }()
	}
	total := 0
	for range opened {
		total += <-done
	}
	return fmt.Sprintf("%d connections, %d %s", opened, total, unit), errors.Join(failed, some(int64(total), "part of it was sent"))
}

// attackers is where attacks come from: calm clients are at another address of loopback.
var attackers = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}

func dialAttack(ctx context.Context, address string) (net.Conn, error) {
	dialer := net.Dialer{LocalAddr: attackers, Timeout: patience}
	return dialer.DialContext(ctx, "tcp", address)
}
