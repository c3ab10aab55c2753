package server

import (
	"fmt"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// rateLimiters limit the rate of each client. The ratelimit interceptor of go-grpc-middleware returns errors without details.
type rateLimiters struct {
	limit    rate.Limit
	burst    int
	byClient *lru.Cache[string, *rate.Limiter]
}

// newRateLimiters returns nil if no rate is configured.
func newRateLimiters(c Config) *rateLimiters {
	if c.ClientRate == 0 {
		return nil
	}
	clients, err := lru.New[string, *rate.Limiter](maxClients)
	if err != nil {
		panic(err) // only for a size that is not positive
	}
	return &rateLimiters{rate.Limit(c.ClientRate), max(c.ClientBurst, c.ClientRate), clients}
}

// delay takes a token of the client and returns 0, or returns the time until its next token. rate.Limiter.Reserve would
// also count rejected calls.
func (r *rateLimiters) delay(client string) time.Duration {
	limiter, ok := r.byClient.Get(client)
	if !ok {
		limiter = rate.NewLimiter(r.limit, r.burst)
		if earlier, found, _ := r.byClient.PeekOrAdd(client, limiter); found {
			limiter = earlier
		}
	}
	if limiter.Allow() {
		return 0
	}
	missing := 1 - limiter.Tokens()
	return max(time.Millisecond, time.Duration(missing/float64(r.limit)*float64(time.Second)))
}

// checkRate rejects a call above the client's rate. Calls without a client name, such as health checks, are not limited.
func (i *interceptors) checkRate(client string) error {
	if i.rates == nil || client == "" {
		return nil
	}
	delay := i.rates.delay(client)
	if delay == 0 {
		return nil
	}
	i.metrics.shed("client_rate")
	return i.errors.overloaded(delay, fmt.Sprintf("more than %v calls a second of one client", i.rates.limit))
}
