//go:build e2e

package e2e

import (
	"context"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
)

const (
	pausedClients = 900 // each with its own connection
	pause         = 2 * time.Second
	lateClients   = 600
	lateBy        = 50 * time.Millisecond
)

// TestClients_CallDuringPause stops the process. All clients that connect and send meanwhile are served once it continues.
func TestClients_CallDuringPause(t *testing.T) {
	for _, c := range surfaces {
		t.Run(c.name, func(t *testing.T) {
			d := startDaemon(t)
			if err := d.Process.Signal(syscall.SIGSTOP); err != nil {
				t.Fatal(err)
			}
			calls := callAll(t, pausedClients, c.open(d, new(net.Dialer).DialContext), func(connected *sync.WaitGroup) {
				connected.Wait()
				time.Sleep(pause)
				if err := d.Process.Signal(syscall.SIGCONT); err != nil {
					t.Error(err)
				}
			})
			requireAllSucceeded(t, calls, pausedClients)
		})
	}
}

// TestClients_SendLate connects, and sends a moment later. All clients are served.
func TestClients_SendLate(t *testing.T) {
	for _, c := range surfaces {
		t.Run(c.name, func(t *testing.T) {
			d := startDaemon(t)
			late := func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := new(net.Dialer).DialContext(ctx, network, address)
				time.Sleep(lateBy)
				return conn, err
			}
			requireAllSucceeded(t, callAll(t, lateClients, c.open(d, late), (*sync.WaitGroup).Wait), lateClients)
		})
	}
}

// A dialer connects a client.
type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// surfaces are the APIs. open returns a function that makes a client with a new connection.
var surfaces = []struct {
	name string
	open func(*daemon, dialer) func(*testing.T, func()) callFunc
}{
	{"gRPC", func(d *daemon, dialIt dialer) func(*testing.T, func()) callFunc {
		return func(t *testing.T, connected func()) callFunc {
			return overGRPC(dial(t, d.grpc, nil, grpc.WithContextDialer(func(ctx context.Context, address string) (net.Conn, error) {
				defer connected()
				return dialIt(ctx, "tcp", address)
			})))
		}
	}},
	{"REST", func(d *daemon, dialIt dialer) func(*testing.T, func()) callFunc {
		return func(_ *testing.T, connected func()) callFunc {
			return overREST(&http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				defer connected()
				return dialIt(ctx, network, address)
			}}}, "http://"+d.rest, "")
		}
	}},
}

// callAll makes one call of each of n clients concurrently. Meanwhile it runs during, which may wait until all are connected.
func callAll(t *testing.T, n int, open func(*testing.T, func()) callFunc, during func(connected *sync.WaitGroup)) *tally {
	c := new(tally)
	var connected, answered sync.WaitGroup
	connected.Add(n)
	for i := range n {
		call := open(t, sync.OnceFunc(connected.Done))
		answered.Go(func() { c.once(call, &samples[i%len(samples)]) })
	}
	during(&connected)
	answered.Wait()
	return c
}

func requireAllSucceeded(t *testing.T, c *tally, n int64) {
	t.Helper()
	if c.succeeded.Load() != n {
		t.Errorf("%d of %d served: %v", c.succeeded.Load(), n, c.failed)
	}
	t.Logf("%d of %d served", c.succeeded.Load(), n)
}
