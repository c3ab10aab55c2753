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
	afterPause = 900 // clients, each with a connection of its own
	pause      = 2 * time.Second
	lateAskers = 600
	askAfter   = 50 * time.Millisecond
)

// TestHonestClients_AfterPause stops the daemon as a scheduler does. Clients that connect and ask meanwhile are all answered
// when it goes on.
func TestHonestClients_AfterPause(t *testing.T) {
	for _, c := range surfaces {
		t.Run(c.name, func(t *testing.T) {
			d := startDaemon(t)
			if err := d.Process.Signal(syscall.SIGSTOP); err != nil {
				t.Fatal(err)
			}
			calls := askAll(t, afterPause, c.open(d, new(net.Dialer).DialContext), func(connected *sync.WaitGroup) {
				connected.Wait()
				time.Sleep(pause)
				if err := d.Process.Signal(syscall.SIGCONT); err != nil {
					t.Error(err)
				}
			})
			requireAll(t, calls, afterPause)
		})
	}
}

// TestHonestClients_AskLate has clients that are silent for a moment after they have connected. All are answered.
func TestHonestClients_AskLate(t *testing.T) {
	for _, c := range surfaces {
		t.Run(c.name, func(t *testing.T) {
			d := startDaemon(t)
			late := func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := new(net.Dialer).DialContext(ctx, network, address)
				time.Sleep(askAfter)
				return conn, err
			}
			requireAll(t, askAll(t, lateAskers, c.open(d, late), (*sync.WaitGroup).Wait), lateAskers)
		})
	}
}

// dialer is how a client connects.
type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// surfaces are the ways in which clients ask, each with a new connection.
var surfaces = []struct {
	name string
	open func(*daemon, dialer) func(*testing.T, func()) caller
}{
	{"gRPC", func(d *daemon, dialIt dialer) func(*testing.T, func()) caller {
		return func(t *testing.T, connected func()) caller {
			return overGRPC(dial(t, d.grpc, nil, grpc.WithContextDialer(func(ctx context.Context, address string) (net.Conn, error) {
				defer connected()
				return dialIt(ctx, "tcp", address)
			})))
		}
	}},
	{"REST", func(d *daemon, dialIt dialer) func(*testing.T, func()) caller {
		return func(_ *testing.T, connected func()) caller {
			return overREST(&http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				defer connected()
				return dialIt(ctx, network, address)
			}}}, "http://"+d.rest, "")
		}
	}},
}

// askAll has n clients ask once at the same time. Meanwhile something happens, which may wait until all are connected.
func askAll(t *testing.T, n int, open func(*testing.T, func()) caller, happens func(connected *sync.WaitGroup)) *tally {
	c := new(tally)
	var connected, answered sync.WaitGroup
	connected.Add(n)
	for i := range n {
		call := open(t, sync.OnceFunc(connected.Done))
		answered.Go(func() { c.once(call, &questions[i%len(questions)]) })
	}
	happens(&connected)
	answered.Wait()
	return c
}

func requireAll(t *testing.T, c *tally, n int64) {
	t.Helper()
	if c.right.Load() != n {
		t.Errorf("%d of %d answered: %v", c.right.Load(), n, c.failed)
	}
	t.Logf("%d of %d answered", c.right.Load(), n)
}
