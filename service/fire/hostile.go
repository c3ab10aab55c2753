package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// An attack is one kind of hostility.
type attack struct {
	name string
	on   func(*fire) (*target, error)                           // nil is a daemon in the clear
	run  func(context.Context, *target) (got string, err error) // until the context ends at the latest; an error is a refusal that did not come
}

// attacks are all of them.
var attacks = []attack{
	{name: "random bytes on both ports", run: garbage},
	{name: "half a preface of HTTP/2, then silence", run: halfPreface},
	{name: "10,000 silent connections", run: silent},
	{name: "10,000 silent connections, TLS", run: silent, on: (*fire).secureTarget},
	{name: "handshakes of TLS that stop after the first message", run: halfHandshake, on: (*fire).secureTarget},
	{name: "slowloris: a byte of a header each second", run: slowloris},
	{name: "slow body: a byte each second", run: slowBody},
	{name: "rapid reset", run: rapidReset},
	{name: "calls that are taken back, 3,000 a second", run: takenBack},
	{name: "calls whose messages do not come", run: withoutMessages},
	{name: "open calls with headers that repeat themselves, 60 connections", run: fatCalls},
	{name: "open watches of the health with such headers, 60 connections", run: fatWatches},
	{name: "beginnings of large messages, 60 connections", run: beginnings},
	{name: "beginnings of large bodies, 60 connections", run: stopped},
	{name: "messages of 15 MB, compressed, without end", run: bombs},
	{name: "pings without end", run: pings},
	{name: "settings without end", run: settings},
	{name: "CONTINUATION without end", run: continuations},
	{name: "10,000 headers, gRPC", run: manyHeaders},
	{name: "a header of 1 MB, gRPC", run: longHeader},
	{name: "10,000 headers and a header of 1 MB, REST", run: headersREST},
	{name: "10 GB of zeros, compressed", run: bomb},
	{name: "bodies of 10, 20 and 40 MB", run: bodies},
	{name: "JSON nested a million deep", run: nesting},
	{name: "wrong, expired and self-signed certificates", run: badCertificates, on: (*fire).mutualTarget},
	{name: "unknown, expired, forged and missing tokens", run: badTokens, on: (*fire).tokenTarget},
}

// hostile makes one attack after another.
func hostile(f *fire, o *outcome) error {
	t := harmTable("attack")
	for _, a := range attacks {
		if err := f.besides(o, &t, &a); err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
	}
	o.Tables = append(o.Tables, t)
	return nil
}

func harmTable(first string) table {
	return table{Head: []string{first, "what it got", "calm calls", "not right", "p50", "p99", "max", "MiB before", "most", "after", "alive"}}
}

// clear is a daemon without any protection but its own.
func (f *fire) clear() (*target, error) {
	d, err := f.started("clear")
	return &target{daemon: d}, err
}

// besides makes an attack on a fresh daemon beside calm clients.
func (f *fire) besides(o *outcome, t *table, a *attack) error {
	own, on := *f, a.on
	own.dir = fmt.Sprintf("%s/%d", f.dir, len(t.Rows))
	if on == nil {
		on = (*fire).clear
	}
	d, err := on(&own)
	if err != nil {
		return err
	}
	defer d.kill()
	var got string
	var missed error
	h, err := d.suffer(f, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), pick(f.options, 1500*time.Millisecond, 10*time.Second))
		defer cancel()
		got, missed = a.run(ctx, d)
		return nil
	})
	if err != nil {
		return err
	}
	t.Rows = append(t.Rows, append([]string{a.name, got}, h.cells()...))
	o.say(a.name, h.calm)
	if !h.alive {
		o.note("%s: the daemon's last words: %s", a.name, last(d.said(), 1000))
	}
	a.judge(o, h, missed)
	return nil
}

// judge notes the goals, in one line if all are met.
func (a *attack) judge(o *outcome, h *harm, missed error) {
	said := "yes"
	if missed != nil {
		said = missed.Error()
	}
	goals := []goal{
		{What: "calm calls without the right answer", Wanted: "0", Measured: fmt.Sprint(h.calm.amiss()), Met: h.calm.amiss() == 0},
		{What: "alive", Wanted: "true", Measured: fmt.Sprint(h.alive), Met: h.alive},
		{What: "panics", Wanted: "0", Measured: fmt.Sprint(h.panics), Met: h.panics == 0},
		{What: "memory", Wanted: fmt.Sprintf("less than %d MiB", podMemory), Measured: fmt.Sprintf("%.0f MiB", h.most), Met: h.most < podMemory},
		{What: "got what it must get", Wanted: "yes", Measured: said, Met: missed == nil},
	}
	if !slices.ContainsFunc(goals, func(g goal) bool { return !g.Met }) {
		o.must(true, a.name+": calm clients, life, memory, refusals", "all well", "all well")
		return
	}
	for _, g := range goals {
		o.must(g.Met, a.name+": "+g.What, g.Wanted, g.Measured)
	}
}

func (h *harm) cells() []string {
	mib := func(n float64) string { return fmt.Sprintf("%.0f", n) }
	return []string{
		fmt.Sprint(h.calm.sent()), fmt.Sprint(h.calm.amiss()),
		milliseconds(h.calm.took.percentile(0.5)), milliseconds(h.calm.took.percentile(0.99)), milliseconds(h.calm.took.percentile(1)),
		mib(h.before), mib(h.most), mib(h.after), map[bool]string{true: "yes", false: "**no**"}[h.alive],
	}
}
