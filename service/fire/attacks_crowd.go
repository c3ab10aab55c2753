package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http2"
)

const (
	crowdLimit = 1024             // --max-connections, as deploy/kubernetes has it
	crowdTries = crowdLimit + 200 // at each port
	calmConns  = 8                // at most of calm clients at a port
)

// A crowd is connections to one port.
type crowd struct {
	port, address, first string     // what is said first on each
	in, waiting          []net.Conn // those that were served, and the others
}

// crowds fills both ports with connections that say what they must to be served, and rest. Those that come after them wait, and are
// served when they go.
func crowds(ctx context.Context, t *target) (string, error) {
	both := []*crowd{
		{port: "grpc", address: t.grpc, first: http2.ClientPreface + "\x00\x00\x00\x04\x00\x00\x00\x00\x00"}, // and no settings
		{port: "http", address: t.rest, first: "GET /v1/locales HTTP/1.1\r\nHost: x\r\n\r\n"},
	}
	got, errs := "", []error(nil)
	for _, c := range both {
		defer func() { closeAll(slices.Concat(c.in, c.waiting)) }()
		errs = append(errs, c.fill())
		got += fmt.Sprintf("%s: %d connections, %d wait; ", c.port, len(c.in), len(c.waiting))
	}
	<-ctx.Done()
	m, err := t.metrics()
	for _, c := range both {
		errs = append(errs, c.judge(m))
	}
	return strings.TrimSuffix(got, "; "), errors.Join(append(errs, err)...)
}

// fill connects until the port is full, and goes on. Those of which it is not known whether they are served have some time to be.
func (c *crowd) fill() error {
	conns, err := open(crowdTries, func(conn net.Conn) (int, error) { return io.WriteString(conn, c.first) }, c.address)
	certain := min(crowdLimit-calmConns, len(conns))
	in, waiting, err1 := answered(conns[:certain], answerWithin)
	more, rest, err2 := answered(conns[certain:], noticeTime)
	c.in, c.waiting = slices.Concat(in, more), slices.Concat(waiting, rest)
	return errors.Join(err, err1, err2)
}

// answered parts the connections on which an answer comes in time from the others. That one is closed is an error.
func answered(conns []net.Conn, within time.Duration) (in, waiting []net.Conn, err error) {
	deadline := time.Now().Add(within)
	ends := make([]error, len(conns))
	var all sync.WaitGroup
	for i, conn := range conns {
		all.Go(func() {
			_ = conn.SetReadDeadline(deadline)
			_, ends[i] = conn.Read(make([]byte, 4<<10))
		})
	}
	all.Wait()
	for i, conn := range conns {
		switch {
		case ends[i] == nil:
			in = append(in, conn)
			continue
		case !errors.Is(ends[i], os.ErrDeadlineExceeded):
			err = ends[i]
		}
		waiting = append(waiting, conn)
	}
	return in, waiting, err
}

// judge is an error unless the port was full, nobody was thrown out, and all others are served when those go that were there.
func (c *crowd) judge(m metrics) error {
	lasted, counted := stillOpen(c.in, noticeTime), int(m.sum("cbcerr_connections", `port="`+c.port+`"`))
	if len(c.in) > crowdLimit || len(c.in) < crowdLimit-calmConns || lasted != len(c.in) || len(c.waiting) == 0 || counted != crowdLimit {
		return fmt.Errorf("%s: of %d connections %d lasted; %d waited; the daemon knows of %d", c.port, len(c.in), lasted, len(c.waiting), counted)
	}
	closeAll(c.in)
	_, late, err := answered(c.waiting, answerWithin)
	if len(late) > 0 {
		err = errors.Join(err, fmt.Errorf("%s: %d of %d that waited are not served", c.port, len(late), len(c.waiting)))
	}
	return err
}
