package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/http2"
)

// flood has attackers do something with new connections to both ports, again and again, until the context ends.
func flood(ctx context.Context, t *target, workers int, do func(net.Conn)) (string, error) {
	var n atomic.Int64
	var all sync.WaitGroup
	for i := range workers {
		address := []string{t.grpc, t.rest}[i%2]
		all.Go(func() {
			for ctx.Err() == nil {
				conn, err := dialAttack(ctx, address)
				if err != nil {
					time.Sleep(time.Millisecond)
					continue
				}
				n.Add(1)
				do(conn)
				conn.Close()
			}
		})
	}
	all.Wait()
	return fmt.Sprintf("%d connections closed", n.Load()), some(n.Load(), "connection was made")
}

// some is an error if there was nothing of what makes an attack: nobody has withstood what did not happen.
func some(n int64, what string) error {
	if n == 0 {
		return fmt.Errorf("no %s", what)
	}
	return nil
}

// garbage sends random bytes and reads what comes back.
func garbage(ctx context.Context, t *target) (string, error) {
	return flood(ctx, t, 16, func(conn net.Conn) {
		noise := make([]byte, 4<<10)
		_, _ = rand.Read(noise)
		_, _ = conn.Write(noise)
		_ = conn.SetReadDeadline(time.Now().Add(time.Second))
		_, _ = io.Copy(io.Discard, conn)
	})
}

// halfPreface begins HTTP/2, and the first line of HTTP/1.1, and says no more.
func halfPreface(ctx context.Context, t *target) (string, error) {
	return hold(ctx, t, 2000, func(conn net.Conn) (int, error) { return io.WriteString(conn, http2.ClientPreface[:12]) })
}

// silent opens connections and says nothing.
func silent(ctx context.Context, t *target) (string, error) {
	return hold(ctx, t, 10_000, func(net.Conn) (int, error) { return 0, nil })
}

// halfHandshake sends a whole ClientHello and nothing after it.
func halfHandshake(ctx context.Context, t *target) (string, error) {
	hello := new(recorder)
	_ = tls.Client(hello, t.tls).Handshake() // it fails behind the first message
	return hold(ctx, t, 2000, func(conn net.Conn) (int, error) { return conn.Write(hello.sent) })
}

// A recorder is a connection that keeps what is written and ends there.
type recorder struct {
	net.Conn
	sent []byte
}

// Write implements net.Conn.
func (r *recorder) Write(p []byte) (int, error) {
	r.sent = append(r.sent, p...)
	return len(p), nil
}

// Read implements net.Conn.
func (r *recorder) Read([]byte) (int, error) { return 0, io.EOF }

// hold opens connections to both ports, begins something on each, and keeps them until the context ends. The daemon must close all of
// them by itself, however long those take that wait for a place.
func hold(ctx context.Context, t *target, n int, begin func(net.Conn) (int, error)) (string, error) {
	conns, err := open(n, begin, t.grpc, t.rest)
	defer closeAll(conns)
	<-ctx.Done()
	return none(conns, patience, err)
}

// none adds an error if a connection is still open after some time.
func none(conns []net.Conn, within time.Duration, err error) (string, error) {
	lasted := stillOpen(conns, within)
	if lasted > 0 {
		err = errors.Join(err, fmt.Errorf("%d connections lasted", lasted))
	}
	return fmt.Sprintf("%d connections, %d of which lasted", len(conns), lasted), err
}

// open opens connections to addresses in turn and begins something on each, which must succeed: no daemon is done with one that soon.
func open(n int, begin func(net.Conn) (int, error), addresses ...string) (conns []net.Conn, err error) {
	for i := 0; i < n && err == nil; i++ {
		var conn net.Conn
		if conn, err = dialAttack(context.Background(), addresses[i%len(addresses)]); err == nil {
			conns = append(conns, conn)
			_, err = begin(conn)
		}
	}
	return conns, err
}

func closeAll(conns []net.Conn) {
	for _, conn := range conns {
		conn.Close()
	}
}

// noticeTime is how long a closed connection takes to be noticed, on the slowest of machines.
const noticeTime = 500 * time.Millisecond

// stillOpen counts the connections that are open after some time.
func stillOpen(conns []net.Conn, within time.Duration) (n int) {
	deadline := time.Now().Add(within)
	for _, conn := range conns {
		_ = conn.SetReadDeadline(deadline)
	}
	var count atomic.Int64
	var all sync.WaitGroup
	for _, conn := range conns {
		all.Go(func() {
			if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
				count.Add(1)
			}
		})
	}
	all.Wait()
	return int(count.Load())
}

// slowloris sends a byte of a header each second, on many connections.
func slowloris(ctx context.Context, t *target) (string, error) {
	return dribble(ctx, t, "GET /v1/locales HTTP/1.1\r\nHost: x\r\nX-A: ")
}

// slowBody sends a byte of a body each second, on many connections.
func slowBody(ctx context.Context, t *target) (string, error) {
	return dribble(ctx, t, "POST /v1/responses:translate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")
}

// dribble must not have one connection left at its end.
func dribble(ctx context.Context, t *target, begin string) (string, error) {
	conns, err := open(1000, func(conn net.Conn) (int, error) { return io.WriteString(conn, begin) }, t.rest)
	defer closeAll(conns)
	for ctx.Err() == nil {
		for _, conn := range conns {
			_, _ = io.WriteString(conn, "a")
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
	return none(conns, noticeTime, err)
}
