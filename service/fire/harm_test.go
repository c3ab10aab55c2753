package main

import (
	"context"
	"crypto/tls"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/machine"
	"github.com/cbcerr/cbcerr/service/testca"
)

// An attack that does not happen is withstood by nobody: each says so where there is no daemon to attack.
func TestAttacksThatDoNotHappen(t *testing.T) {
	t.Parallel()
	nobody, err1 := machine.Addresses(3)
	authority, err2 := testca.New("ours")
	signer, err3 := newSigner("ours")
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	d := &target{daemon: &daemon{grpc: nobody[0], rest: nobody[1], admin: nobody[2]}, tls: new(tls.Config), authority: authority, signer: signer}
	for _, a := range append(attacks, slowAttacks...) {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			of := *d
			if a.on == nil {
				of.tls = nil
			}
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			if got, err := a.run(ctx, &of); err == nil {
				t.Errorf("%q, want it to have failed", got)
			}
		})
	}
}

// All that is called well is judged: each fault alone is found.
func TestHarmIsJudged(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*harm)
		missed error
		want   string // none if all is well
	}{
		"all well":            {change: func(*harm) {}},
		"a wrong answer":      {change: func(h *harm) { h.calm.add(verdict{wrong, ""}, 0) }, want: "calm calls without the right answer"},
		"too few calls":       {change: func(h *harm) { h.usual = 200 }, want: "calm calls meanwhile"},
		"no call at all":      {change: func(h *harm) { h.meanwhile, h.usual = 0, 50 }, want: "calm calls meanwhile"},
		"death":               {change: func(h *harm) { h.alive = false }, want: "alive"},
		"no figures":          {change: func(h *harm) { h.figures = false }, want: "figures can be read afterwards"},
		"a panic":             {change: func(h *harm) { h.panics = 1 }, want: "panics"},
		"calls in flight":     {change: func(h *harm) { h.inFlight = 2 }, want: "calls in flight afterwards"},
		"too much memory":     {change: func(h *harm) { h.most = podMemory }, want: "memory"},
		"not what it must be": {change: func(*harm) {}, missed: os.ErrNotExist, want: "happened, and got what it must get"},
	} {
		h := &harm{calm: new(tally), meanwhile: 3, usual: 190, alive: true, figures: true, most: 100}
		for range 3 {
			h.calm.add(verdict{}, time.Millisecond)
		}
		c.change(h)
		o := new(outcome)
		(&attack{name: "an attack"}).judge(o, h, c.missed)
		var found []string
		for _, g := range o.Goals {
			if !g.Met {
				found = append(found, strings.TrimPrefix(g.What, "an attack: "))
			}
		}
		if c.want == "" && len(o.Goals) == 1 && o.Goals[0].Met {
			continue
		}
		if len(found) == 0 || found[0] != c.want {
			t.Errorf("%s: missed %q, want %q", name, found, c.want)
		}
	}
}
