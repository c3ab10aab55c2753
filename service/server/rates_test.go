package server_test

import (
	"sync"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
)

// However many ask at once, a client has its burst and no more, and nobody is sent away for longer than until the next call comes due.
func TestRateHoldsForCallsAtOnce(t *testing.T) {
	t.Parallel()
	const burst, callers, calls = 50, 32, 100
	r := start(t, func(c *server.Config) { c.ClientRate, c.ClientBurst = 1, burst })
	begin := time.Now()
	var mu sync.Mutex
	taken, longest := 0, time.Duration(0)
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for range calls {
				_, err := r.overGRPC(&annotations.HttpRule{Selector: "echo"})
				mu.Lock()
				if longest = max(longest, retryDelay(err)); err == nil {
					taken++
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if most := burst + 1 + int(time.Since(begin).Seconds()); taken < burst || taken > most || longest > time.Second {
		t.Errorf("%d calls are let in, want %d to %d; the longest wait is %v, want a second at most", taken, burst, most, longest)
	}
}

// retryDelay is when a call that was turned away may come back.
func retryDelay(err error) time.Duration {
	for _, detail := range status.Convert(err).Details() {
		if retry, ok := detail.(*errdetails.RetryInfo); ok {
			return retry.GetRetryDelay().AsDuration()
		}
	}
	return 0
}
