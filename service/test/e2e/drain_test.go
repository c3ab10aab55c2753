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
	beforeDrain  = 1000 // calls
)

// TestDrain_AcceptedCallsAreAnswered stops the only daemon under load. A client cannot see whether the daemon accepted a call
// that has no answer, so both sides count: the clients have at least as many answers as the daemon has finished calls, and no
// call ends in another way than with an answer or a connection that was not there.
func TestDrain_AcceptedCallsAreAnswered(t *testing.T) {
	for _, c := range []struct {
		name string
		open func(*testing.T, *daemon) caller
		lost func(error) bool
	}{
		{"gRPC", func(t *testing.T, d *daemon) caller { return overGRPC(dial(t, d.grpc, nil)) }, lostOverGRPC},
		{"gRPC batches", func(t *testing.T, d *daemon) caller { return overBatch(dial(t, d.grpc, nil)) }, lostOverGRPC},
		{"REST, kept connections", func(_ *testing.T, d *daemon) caller {
			return overREST(&http.Client{Transport: &http.Transport{}}, "http://"+d.rest, "")
		}, lostOverREST},
		{"REST, new connections", func(_ *testing.T, d *daemon) caller {
			return overREST(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, "http://"+d.rest, "")
		}, lostOverREST},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range drains {
				d := startDaemon(t)
				var callers []caller
				for range drainClients {
					callers = append(callers, c.open(t, d))
				}
				calls, finished := d.drainUnder(t, callers)
				for said, n := range calls.lost(c.lost) {
					t.Errorf("%d calls lost: %s", n, said)
				}
				if calls.right.Load() < finished {
					t.Errorf("the daemon finished %d calls, and clients have %d answers", finished, calls.right.Load())
				}
				t.Logf("%d calls, %d answers, %d finished by the daemon's last count", calls.calls.Load(), calls.right.Load(), finished)
			}
		})
	}
}

// The names of the daemon's counts of calls that have ended, and of messages that streams have answered.
var (
	finishedCalls    = []string{"grpc_server_handled_total", "cbcerr_call_duration_seconds_count"}
	answeredMessages = []string{"grpc_server_msg_sent_total", "cbcerr_stream_messages_total"}
)

// drainUnder stops the daemon while clients call, and returns their tally and the daemon's last count of finished calls.
func (d *daemon) drainUnder(t *testing.T, callers []caller) (c *tally, finished int64) {
	c = new(tally)
	stop := c.run(time.Millisecond, callers...)
	await(t, "calls before the drain", func() bool { return c.calls.Load() >= beforeDrain })
	last := d.watch(t, finishedCalls)
	d.stop(t)
	stop()
	return c, last()
}

// watch reads a count of the daemon again and again until the daemon has ended; last returns what it was then.
func (d *daemon) watch(t *testing.T, names []string) (last func() int64) {
	var count atomic.Int64
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for d.running() {
			if n, ok := d.metric(names...); ok {
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
	case <-p.ended:
		return false
	default:
		return true
	}
}

// lost are the errors of calls that the daemon may have accepted.
func (c *tally) lost(is func(error) bool) map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := map[string]int{}
	for said, n := range c.failed {
		if is(errors.New(said)) {
			all[said] += n
		}
	}
	return all
}

// lostOverGRPC reports whether a call failed otherwise than for want of a connection.
func lostOverGRPC(err error) bool {
	return !strings.Contains(err.Error(), "code = Unavailable desc = connection error:")
}

// lostOverREST reports whether there was an answer, but not the right one. HTTP/1.1 has no way to say that a request on a
// closed connection was not accepted: the daemon's own count tells.
func lostOverREST(err error) bool {
	for _, said := range []string{"connection refused", "connection reset by peer", "EOF", "broken pipe", "server closed idle connection"} {
		if strings.Contains(err.Error(), said) {
			return false
		}
	}
	return true
}

// TestDrain_StreamsEndBetweenMessages stops the daemon while streams are open: clients have every answer that the daemon
// sent, and then an end that the server chose.
func TestDrain_StreamsEndBetweenMessages(t *testing.T) {
	for range drains {
		d := startDaemon(t, "--drain-timeout", "4s", "--handshake-timeout", "2s")
		var answered atomic.Int64
		ends := make(chan error, drainClients)
		for range drainClients {
			conn := dial(t, d.grpc, nil)
			go func() { ends <- converse(t.Context(), conn, &answered) }()
		}
		await(t, "messages before the drain", func() bool { return answered.Load() >= beforeDrain })
		last := d.watch(t, answeredMessages)
		d.stop(t)
		for range drainClients {
			if err := <-ends; status.Code(err) != codes.Unavailable && !errors.Is(err, io.EOF) {
				t.Errorf("the end of a stream: %v", err)
			} else if strings.Contains(err.Error(), "error reading from server") {
				t.Errorf("a stream was cut off: %v", err)
			}
		}
		if sent := last(); answered.Load() < sent {
			t.Errorf("the daemon sent %d answers, and clients have %d", sent, answered.Load())
		}
		t.Logf("%d messages answered on %d streams, %d by the daemon's last count", answered.Load(), drainClients, last())
	}
}

// converse sends one message at a time and awaits its answer, until the stream ends.
func converse(ctx context.Context, conn grpc.ClientConnInterface, answered *atomic.Int64) error {
	ctx, cancel := context.WithTimeout(ctx, hang)
	defer cancel()
	s, err := errorv1.NewTranslationServiceClient(conn).StreamTranslate(ctx)
	for i := 0; err == nil; i++ {
		q := &questions[i%len(questions)]
		if err := s.Send(&errorv1.StreamTranslateRequest{Id: "1", Request: q.request()}); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		reply, err := s.Recv() // if Send failed, Recv says why
		if err == nil {
			err = q.judge(reply.GetResult().GetTranslation())
		}
		if err != nil {
			return err
		}
		answered.Add(1)
	}
	return err
}
