package main

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// A caller asks a question once, in its way, and says what became of it.
type caller func(context.Context, *question) verdict

// answerWithin is how long a call may take; then it is lost.
const answerWithin = 10 * time.Second

// A crew is callers that call at the same time, each waiting for its answer before it asks again.
type crew struct {
	callers   []caller
	questions func() []*question
	every     time.Duration // between two calls of one caller; 0 is as fast as answers come
	tally     *tally
}

// usual is how many calls the crew makes in a time if answers come at once.
func (c *crew) usual(in time.Duration) int { return len(c.callers) * int(in/c.every) }

// start has the crew call until stop, which returns when everybody has had the last answer.
func (c *crew) start() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for _, call := range c.callers {
		all.Go(func() { c.work(ctx, call) })
	}
	return func() {
		cancel()
		all.Wait()
	}
}

// work asks all questions in an order of chance. A call that runs at the stop is finished: who breaks it off would never know.
func (c *crew) work(ctx context.Context, call caller) {
	list := c.questions()
	next := time.Now().Add(rand.N(c.every + 1))
	for i := rand.N(len(list)); ctx.Err() == nil; i++ {
		time.Sleep(time.Until(next))
		next = next.Add(c.every)
		if late := time.Since(next); late > 0 {
			next = next.Add(late)
		}
		c.once(call, list[i%len(list)])
	}
}

func (c *crew) once(call caller, q *question) {
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	start := time.Now()
	v := call(ctx, q)
	c.tally.add(v, time.Since(start))
}

// during has crews call as long as something happens.
func during(happens func() error, crews ...*crew) error {
	for _, c := range crews {
		defer c.start()()
	}
	return happens()
}
