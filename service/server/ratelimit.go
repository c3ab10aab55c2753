package server

import (
	"fmt"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// rates limit how often each client calls. The ratelimit interceptor of go-grpc-middleware has errors without details.
type rates struct {
	limit    rate.Limit
	burst    int
	byClient *lru.Cache[string, *rate.Limiter]
}

// newRates returns nil without a limit.
func newRates(c Config) *rates {
	if c.ClientRate == 0 {
		return nil
	}
	clients, err := lru.New[string, *rate.Limiter](maxClients)
	if err != nil {
		panic(err) // only for a size that is not positive
	}
	return &rates{rate.Limit(c.ClientRate), max(c.ClientBurst, c.ClientRate), clients}
}

// wait returns how long a client has to wait for its next call; 0 lets it call now. rate.Limiter.Reserve would also count
// the calls that are refused at the same time.
func (r *rates) wait(client string) time.Duration {
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

// checkRate refuses a client that calls too often. Calls without a client's name, such as health checks, have no limit.
func (o *calls) checkRate(client string) error {
	if o.rates == nil || client == "" {
		return nil
	}
	wait := o.rates.wait(client)
	if wait == 0 {
		return nil
	}
	o.metrics.shed("client_rate")
	return o.errors.busy(wait, fmt.Sprintf("more than %v calls a second of one client", o.rates.limit))
}
