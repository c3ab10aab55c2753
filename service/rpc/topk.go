package rpc

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"
)

// maxTracked is the maximum number of texts that topK tracks. The catalogue has about as many codes.
const maxTracked = 256

// topK finds the most frequent texts of a stream in bounded memory, by the Space-Saving algorithm (Metwally et al. 2005): if
// maxTracked texts are tracked, a new text replaces the rarest one and inherits its count. It is safe for concurrent use.
type topK struct {
	mu       sync.Mutex
	counters map[string]counter
}

// A counter is the estimated count of a code: the true count lies in [Count-MaxOvercount, Count].
type counter struct {
	Code         string    `json:"code"`
	Count        int64     `json:"count"`
	MaxOvercount int64     `json:"maxOvercount"`
	Last         time.Time `json:"last"`
}

// add counts one occurrence of a code.
func (k *topK) add(code string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	c, ok := k.counters[code]
	if !ok && len(k.counters) == maxTracked {
		c = k.rarest()
		delete(k.counters, c.Code)
		c.MaxOvercount = c.Count
	}
	c.Code, c.Count, c.Last = code, c.Count+1, time.Now().UTC().Truncate(time.Second)
	k.counters[code] = c
}

func (k *topK) rarest() (rarest counter) {
	for _, c := range k.counters {
		if rarest.Count == 0 || c.Count < rarest.Count {
			rarest = c
		}
	}
	return rarest
}

// list returns all counters, the most frequent code first.
func (k *topK) list() []counter {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.SortedFunc(maps.Values(k.counters), func(a, b counter) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code))
	})
}
