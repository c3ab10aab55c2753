package main

import (
	"strings"

	"github.com/cbcerr/cbcerr/service/machine"
)

// measureMemory has a fresh daemon under each load of 64 in flight, and takes the most memory it ever had.
func measureMemory(path string, q questions, o *options) (all []named, err error) {
	for _, l := range loads {
		if !strings.HasSuffix(l.name, "/64") {
			continue
		}
		o.progress("memory, " + l.name)
		var rounds []float64
		for range min(o.rounds, few) {
			most, err := mostMemory(path, l, q, o)
			if err != nil {
				return nil, err
			}
			rounds = append(rounds, most)
		}
		all = append(all, named{"memory, " + l.name, "MiB", figureOf(rounds)})
	}
	return all, nil
}

func mostMemory(path string, l load, q questions, o *options) (float64, error) {
	d, err := startDaemon(path, q)
	if err != nil {
		return 0, err
	}
	defer d.stop()
	s, err := l.surface(d.endpoint, l, q)
	if err != nil {
		return 0, err
	}
	defer s.close()
	if _, _, err := s.run(o.time); err != nil {
		return 0, err
	}
	return machine.Memory(d.process.Process.Pid, highest)
}
