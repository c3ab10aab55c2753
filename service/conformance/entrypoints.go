package main

import (
	"context"
	"sync"

	"github.com/cbcerr/cbcerr/service/test/golden"
	"github.com/cbcerr/cbcerr/service/test/replay"
)

// checkService sends the golden cases through every entry point of a server and of the command line. Each entry point is a
// row of the table that it returns.
func checkService(ctx context.Context, s server, command string, goldens []golden.Case) (*table, error) {
	points, err := replay.Target{GRPC: s.grpc, REST: s.rest, Command: command}.EntryPoints()
	if err != nil {
		return nil, err
	}
	t := newTable(nil)
	t.languages = []string{"service"}
	faults := make([][]string, len(points))
	var checks sync.WaitGroup
	for i, p := range points {
		t.rows = append(t.rows, row{name: p.Name})
		checks.Go(func() { faults[i] = checkEntryPoint(ctx, p, goldens) })
	}
	checks.Wait()
	for i, r := range t.rows {
		t.faults[cell{"service", r.name}] = faults[i]
	}
	return t, nil
}

// checkEntryPoint returns the faults of an entry point. An entry point that accepts no case has one, too.
func checkEntryPoint(ctx context.Context, p replay.EntryPoint, goldens []golden.Case) (faults []string) {
	accepted := 0
	for _, c := range goldens {
		if !p.Accepts(c) {
			continue
		}
		accepted++
		if err := p.Check(ctx, c); err != nil {
			faults = append(faults, c.Name+": "+err.Error())
		}
	}
	if accepted == 0 {
		faults = append(faults, p.Name+": no case")
	}
	return faults
}
