package server

import (
	"fmt"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// mostClients is how many clients are remembered by their rates: a few MiB. Who is forgotten has its burst again.
const mostClients = 10_000

// rates limit how often each client calls.
type rates struct {
	limit    rate.Limit
	burst    int
	byClient *lru.Cache[string, *bucket]
}

// A bucket holds what a client may call. The lock makes time go forward: a moment that has passed would be counted twice.
type bucket struct {
	mu      sync.Mutex
	limiter *rate.Limiter
}

// take is how long a client has to wait for its next call; 0 lets it call now. Who is turned away has used nothing up.
func (b *bucket) take() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if b.limiter.AllowN(now, 1) {
		return 0
	}
	missing := 1 - b.limiter.TokensAt(now)
	return max(time.Millisecond, time.Duration(missing/float64(b.limiter.Limit())*float64(time.Second)))
}

// newRates is nil where there is no limit.
func newRates(c Config) *rates {
	if c.ClientRate == 0 {
		return nil
	}
	clients, err := lru.New[string, *bucket](mostClients)
	if err != nil {
		panic(err) // only for a size that is not positive
	}
	return &rates{rate.Limit(c.ClientRate), max(c.ClientBurst, c.ClientRate), clients}
}

// wait is how long a client has to wait for its next call; 0 lets it call now.
func (r *rates) wait(client string) time.Duration {
	of, ok := r.byClient.Get(client)
	if !ok {
		of = &bucket{limiter: rate.NewLimiter(r.limit, r.burst)}
		if earlier, found, _ := r.byClient.PeekOrAdd(client, of); found {
			of = earlier
		}
	}
	return of.take()
}

// paced turns a client away that calls too often; who has no name is not limited.
func (g *gate) paced(client string) error {
	if g.rates == nil || client == "" {
		return nil
	}
	wait := g.rates.wait(client)
	if wait == 0 {
		return nil
	}
	g.metrics.shed("client_rate")
	return g.busy(fmt.Sprintf("more than %v calls a second of one client", g.rates.limit), wait)
}
