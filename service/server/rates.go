package server

import (
	"fmt"
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
	byClient *lru.Cache[string, *rate.Limiter]
}

// newRates is nil where there is no limit.
func newRates(c Config) *rates {
	if c.ClientRate == 0 {
		return nil
	}
	clients, err := lru.New[string, *rate.Limiter](mostClients)
	if err != nil {
		panic(err) // only for a size that is not positive
	}
	return &rates{rate.Limit(c.ClientRate), max(c.ClientBurst, c.ClientRate), clients}
}

// wait is how long a client has to wait for its next call; 0 lets it call now.
func (r *rates) wait(client string) time.Duration {
	limiter, ok := r.byClient.Get(client)
	if !ok {
		limiter = rate.NewLimiter(r.limit, r.burst)
		if earlier, found, _ := r.byClient.PeekOrAdd(client, limiter); found {
			limiter = earlier
		}
	}
	taken := limiter.Reserve()
	wait := taken.Delay()
	if wait > 0 {
		taken.Cancel()
	}
	return wait
}

// again turns a client away that calls too often on a stream that it has already; who is not known is not limited.
func (g *gate) again(client string) error {
	if client == "" {
		return nil
	}
	return g.paced(client)
}

// paced turns a client away that calls too often.
func (g *gate) paced(client string) error {
	if g.rates == nil {
		return nil
	}
	wait := g.rates.wait(client)
	if wait == 0 {
		return nil
	}
	g.metrics.shed("client_rate")
	return g.busy(fmt.Sprintf("more than %v calls a second of one client", g.rates.limit), wait)
}
