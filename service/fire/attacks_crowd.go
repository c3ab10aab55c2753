package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
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
	port, address, first string // what is said first on each
	in                   []net.Conn
	refused              int
}

// crowds fills both ports with connections that say what they must to be served, and rest; and knocks on after that.
func crowds(ctx context.Context, t *target) (string, error) {
	both := []*crowd{
		{port: "grpc", address: t.grpc, first: http2.ClientPreface + "\x00\x00\x00\x04\x00\x00\x00\x00\x00"}, // and no settings
		{port: "http", address: t.rest, first: "GET /v1/locales HTTP/1.1\r\nHost: x\r\n\r\n"},
	}
	got, errs := "", []error(nil)
	for _, c := range both {
		defer func() { closeAll(c.in) }()
		errs = append(errs, c.fill())
		got += fmt.Sprintf("%s: %d connections, %d refused; ", c.port, len(c.in), c.refused)
	}
	<-ctx.Done()
	m, err := t.metrics()
	for _, c := range both {
		errs = append(errs, c.judge(m))
	}
	return strings.TrimSuffix(got, "; "), errors.Join(append(errs, err)...)
}

// fill knocks, and counts who is answered and who is not.
func (c *crowd) fill() error {
	for range crowdTries {
		conn, err := dialAttack(context.Background(), c.address)
		if err != nil {
			return err
		}
		_, _ = io.WriteString(conn, c.first) // one that is closed already is refused, too
		_ = conn.SetReadDeadline(time.Now().Add(answerWithin))
		n, err := conn.Read(make([]byte, 4<<10))
		if n > 0 {
			c.in = append(c.in, conn)
			continue
		}
		conn.Close()
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return fmt.Errorf("%s: neither served nor refused: %w", c.port, err)
		}
		c.refused++
	}
	return nil
}

// judge is an error unless the port was full, nobody was thrown out, and all others were refused and counted.
func (c *crowd) judge(m metrics) error {
	lasted, counted := stillOpen(c.in), m.sum("cbcerr_connections_refused_total", `port="`+c.port+`"`, `cause="limit"`)
	if len(c.in) > crowdLimit || len(c.in) < crowdLimit-calmConns || lasted != len(c.in) || c.refused == 0 || int(counted) != c.refused {
		return fmt.Errorf("%s: of %d connections %d lasted; %d were refused, of which the daemon knows %.0f", c.port, len(c.in), lasted, c.refused, counted)
	}
	return nil
}
