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

// The client gets its burst and no more. No delay is longer than the time until the next token.
func TestRateLimit_ConcurrentCalls(t *testing.T) {
	t.Parallel()
	const burst, callers, calls = 50, 32, 100
	h := start(t, func(c *server.Config) { c.ClientRate, c.ClientBurst = 1, burst })
	begin := time.Now()
	var mu sync.Mutex
	admitted, longest := 0, time.Duration(0)
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for range calls {
				_, err := h.overGRPC(&annotations.HttpRule{Selector: "echo"})
				mu.Lock()
				if longest = max(longest, retryDelay(err)); err == nil {
					admitted++
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if limit := burst + 1 + int(time.Since(begin).Seconds()); admitted < burst || admitted > limit || longest > time.Second {
		t.Errorf("%d calls admitted, want %d to %d; longest delay %v, want at most a second", admitted, burst, limit, longest)
	}
}

// retryDelay returns the delay of an error's RetryInfo, 0 without one.
func retryDelay(err error) time.Duration {
	for _, detail := range status.Convert(err).Details() {
		if retry, ok := detail.(*errdetails.RetryInfo); ok {
			return retry.GetRetryDelay().AsDuration()
		}
	}
	return 0
}
