package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
)

// measureStarts measures the time from the start of cbcerrd to its first reply, and the memory of an idle daemon.
func measureStarts(r *results, binary string) error {
	fmt.Fprintln(os.Stderr, "bench: starts")
	q, err := plainPairs()
	if err != nil {
		return err
	}
	request, err := asJSON(q[0])
	if err != nil {
		return err
	}
	for range r.config.starts {
		if err := r.startOnce(binary, q, request); err != nil {
			return err
		}
	}
	return nil
}

func (r *results) startOnce(binary string, q requests, request []byte) error {
	start := time.Now()
	p, err := startDaemon(binary)
	if err != nil {
		return err
	}
	defer p.stop()
	conn, err := dial(p.GRPC)
	if err != nil {
		return err
	}
	defer conn.Close()
	reply, err := errorv1.NewTranslationServiceClient(conn).Translate(context.Background(), q[0])
	if err := checkTranslation(reply.GetTranslation(), err); err != nil {
		return err
	}
	r.add("start", float64(time.Since(start).Microseconds())/1000)
	if _, err := fetch(p.REST, request); err != nil {
		return err
	}
	idle, err := p.memory("VmRSS")
	r.add("memory/idle", idle)
	return err
}

// measureMemory measures the peak memory of a new daemon under each load.
func measureMemory(r *results, binary string) error {
	fmt.Fprintln(os.Stderr, "bench: memory")
	q, err := plainPairs()
	if err != nil {
		return err
	}
	for name, open := range map[string]surface{"unary": unary, "batch": batch} {
		for range min(r.config.rounds, 5) {
			peak, err := peakMemory(binary, open, q, r.config)
			if err != nil {
				return err
			}
			r.add("memory/"+name, peak)
		}
	}
	return nil
}

func peakMemory(binary string, open surface, q requests, c config) (float64, error) {
	p, err := startDaemon(binary)
	if err != nil {
		return 0, err
	}
	defer p.stop()
	workers, release, err := open(p.endpoint, q)
	if err != nil {
		return 0, err
	}
	defer release()
	if _, _, err := load(workers, 2*c.measure); err != nil {
		return 0, err
	}
	return p.memory("VmHWM")
}
