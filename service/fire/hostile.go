package main

import (
	"context"
	"fmt"
	"time"
)

// An attack is one kind of hostility.
type attack struct {
	name  string
	on    func(*fire) (*target, error)                           // nil is a daemon in the clear
	flags []string                                               // of that
	least time.Duration                                          // that it takes to show, in a quick run too
	full  bool                                                   // nobody gets a new connection meanwhile, not even calm clients
	run   func(context.Context, *target) (got string, err error) // until the context ends at the latest; an error is a refusal that did not come, or an attack that did not happen
}

// hasty are the flags of a daemon that has less patience than an attack lasts.
var hasty = []string{"--peer-timeout", "3s", "--handshake-timeout", "3s"}

// attacks are all of them.
var attacks = []attack{
	{name: "random bytes on both ports", run: garbage},
	{name: "half a preface of HTTP/2, then silence", run: halfPreface},
	{name: "10,000 silent connections", run: silent, full: true},
	{name: "10,000 silent connections, TLS", run: silent, on: (*fire).secureTarget, full: true},
	{name: "handshakes of TLS that stop after the first message", run: halfHandshake, on: (*fire).secureTarget},
	{name: "slowloris: a byte of a header each second", run: slowloris, flags: hasty, least: 6 * time.Second},
	{name: "slow body: a byte each second", run: slowBody, flags: hasty, least: 6 * time.Second},
	{name: "both ports full of connections that have spoken", run: crowds, flags: []string{"--max-connections", fmt.Sprint(crowdLimit)}, least: 5 * time.Second, full: true},
	{name: "rapid reset", run: rapidReset},
	{name: "calls that are taken back, 3,000 a second", run: takenBack},
	{name: "calls whose messages do not come", run: withoutMessages},
	{name: "open calls with headers that repeat themselves, 60 connections", run: fatCalls},
	{name: "open watches of the health with such headers, 60 connections", run: fatWatches},
	{name: "beginnings of large messages, 60 connections", run: beginnings},
	{name: "beginnings of large bodies, 60 connections", run: stopped},
	{name: "messages of 15 MB, compressed, without end", run: bombs},
	{name: "compressed calls that hide large beginnings", run: hiddenWhole, least: 5 * time.Second},
	{name: "compressed calls that hide large beginnings, little by little", run: hiddenParts, least: 6 * time.Second},
	{name: "16 KB that would become 8 million values, and JSON of 5 million", run: values},
	{name: "messages of 15 MB, compressed, on connections that go", run: hitAndRun},
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
func hostile(f *fire, o *outcome) error { return f.each(o, "attack", attacks) }

// each makes attacks, one after another.
func (f *fire) each(o *outcome, first string, attacks []attack) error {
	t := harmTable(first)
	for _, a := range attacks {
		if err := f.besides(o, &t, &a); err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
	}
	o.Tables = append(o.Tables, t)
	return nil
}

// clear is a daemon without any protection but its own.
func (f *fire) clear(flags ...string) (*target, error) {
	d, err := f.started("clear", flags...)
	return &target{daemon: d}, err
}

// besides makes an attack on a fresh daemon beside calm clients.
func (f *fire) besides(o *outcome, t *table, a *attack) error {
	own := *f
	own.dir = fmt.Sprintf("%s/%d", f.dir, len(t.Rows))
	d, err := a.target(&own)
	if err != nil {
		return err
	}
	defer d.kill()
	var got string
	var missed error
	h, err := d.suffer(f, a.full, func() {
		ctx, cancel := context.WithTimeout(context.Background(), max(a.least, pick(f.options, 1500*time.Millisecond, 10*time.Second)))
		defer cancel()
		got, missed = a.run(ctx, d)
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

// target is the daemon that is attacked.
func (a *attack) target(f *fire) (*target, error) {
	if a.on != nil {
		return a.on(f)
	}
	return f.clear(a.flags...)
}
