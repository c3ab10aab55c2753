//go:build e2e

package e2e

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	drains       = 3
	drainClients = 8
	beforeDrain  = 1000 // calls before the drain
)

// TestDrain_LosesNoCall stops the only daemon under load. A client cannot tell whether the daemon accepted a call without a
// reply, so both sides count. The clients must have at least as many replies as the daemon has finished calls. A call may fail
// only for lack of a connection.
func TestDrain_LosesNoCall(t *testing.T) {
	for _, c := range []struct {
		name string
		open func(*testing.T, *daemon) callFunc
		lost func(error) bool
	}{
		{"gRPC", func(t *testing.T, d *daemon) callFunc { return overGRPC(dial(t, d.grpc, nil)) }, lostOverGRPC},
		{"gRPC batches", func(t *testing.T, d *daemon) callFunc { return overBatch(dial(t, d.grpc, nil)) }, lostOverGRPC},
		{"REST, persistent connections", func(_ *testing.T, d *daemon) callFunc {
			return overREST(&http.Client{Transport: &http.Transport{}}, "http://"+d.rest, "")
		}, lostOverREST},
		{"REST, new connections", func(_ *testing.T, d *daemon) callFunc {
			return overREST(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, "http://"+d.rest, "")
		}, lostOverREST},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range drains {
				d := startDaemon(t)
				var callers []callFunc
				for range drainClients {
					callers = append(callers, c.open(t, d))
				}
				calls, finished := d.drainUnderLoad(t, callers)
				for message, n := range calls.lost(c.lost) {
					t.Errorf("%d calls lost: %s", n, message)
				}
				if calls.succeeded.Load() < finished {
					t.Errorf("the daemon finished %d calls, and clients have %d replies", finished, calls.succeeded.Load())
				}
				t.Logf("%d calls, %d replies, %d finished by the daemon's last count", calls.calls.Load(), calls.succeeded.Load(), finished)
			}
		})
	}
}

// The daemon's metrics of finished calls, and of messages sent on streams.
const (
	finishedCalls = "grpc_server_handled_total"
	sentMessages  = "grpc_server_msg_sent_total"
)

// drainUnderLoad stops the daemon during calls. It returns their tally and the daemon's last count of finished calls.
func (d *daemon) drainUnderLoad(t *testing.T, callers []callFunc) (c *tally, finished int64) {
	c = new(tally)
	stop := c.run(time.Millisecond, callers...)
	await(t, "calls before the drain", func() bool { return c.calls.Load() >= beforeDrain })
	last := d.watch(t, finishedCalls)
	d.stop(t)
	stop()
	return c, last()
}

// watch polls a counter of the daemon until the daemon exits. last returns its last value.
func (d *daemon) watch(t *testing.T, name string) (last func() int64) {
	var count atomic.Int64
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for d.running() {
			if n, ok := d.metric(name); ok {
				count.Store(int64(n))
			}
		}
	}()
	await(t, "a count of the daemon", func() bool { return count.Load() > 0 })
	return func() int64 {
		<-watched
		return count.Load()
	}
}

func (p *process) running() bool {
	select {
	case <-p.exited:
		return false
	default:
		return true
	}
}

// lost returns the errors of calls that the daemon may have accepted.
func (c *tally) lost(is func(error) bool) map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := map[string]int{}
	for message, n := range c.failed {
		if is(errors.New(message)) {
			all[message] += n
		}
	}
	return all
}

// lostOverGRPC reports whether a call failed for another reason than lack of a connection.
func lostOverGRPC(err error) bool {
	return !strings.Contains(err.Error(), "code = Unavailable desc = connection error:")
}

// lostOverREST reports whether there was a wrong reply. HTTP/1.1 cannot signal that a request on a closed connection was not
// accepted: only the daemon's count shows that.
func lostOverREST(err error) bool {
	for _, message := range []string{"connection refused", "connection reset by peer", "EOF", "broken pipe", "server closed idle connection"} {
		if strings.Contains(err.Error(), message) {
			return false
		}
	}
	return true
}

// TestDrain_StreamsEndBetweenMessages stops the daemon while streams are open. Clients must receive every reply that the
// daemon sent, and then UNAVAILABLE or the end of the stream.
func TestDrain_StreamsEndBetweenMessages(t *testing.T) {
	for range drains {
		d := startDaemon(t, "--drain-timeout", "4s", "--handshake-timeout", "2s")
		var answered atomic.Int64
		ends := make(chan error, drainClients)
		for range drainClients {
			conn := dial(t, d.grpc, nil)
			go func() { ends <- sendMessages(t.Context(), conn, &answered) }()
		}
		await(t, "messages before the drain", func() bool { return answered.Load() >= beforeDrain })
		last := d.watch(t, sentMessages)
		d.stop(t)
		for range drainClients {
			if err := <-ends; status.Code(err) != codes.Unavailable && !errors.Is(err, io.EOF) {
				t.Errorf("the end of a stream: %v", err)
			} else if strings.Contains(err.Error(), "error reading from server") {
				t.Errorf("a stream was cut off: %v", err)
			}
		}
		if sent := last(); answered.Load() < sent {
			t.Errorf("the daemon sent %d replies, and clients have %d", sent, answered.Load())
		}
		t.Logf("%d messages answered on %d streams, %d by the daemon's last count", answered.Load(), drainClients, last())
	}
}

// sendMessages sends one message at a time and waits for its reply, until the stream ends.
func sendMessages(ctx context.Context, conn grpc.ClientConnInterface, answered *atomic.Int64) error {
	ctx, cancel := context.WithTimeout(ctx, hangTimeout)
	defer cancel()
	s, err := errorv1.NewTranslationServiceClient(conn).StreamTranslate(ctx)
	for i := 0; err == nil; i++ {
		want := &samples[i%len(samples)]
		if err := s.Send(&errorv1.StreamTranslateRequest{Id: "1", Request: want.request()}); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		reply, err := s.Recv() // if Send failed, Recv returns the error
		if err == nil {
			err = want.check(reply.GetResult().GetTranslation())
		}
		if err != nil {
			return err
		}
		answered.Add(1)
	}
	return err
}
