package main

import (
	"fmt"
	"sync"
	"time"

	"google.golang.org/grpc"
)

// A client cannot see whether a server has accepted a call, so drain counts from both sides. Of the client's calls those that nobody took
// (the connection could not be made; grpc-go repeats by itself what a GOAWAY says nobody took) are no loss; every other one
// without an answer is. And the server's own count of calls that it has finished, read until its last moment, must not be
// more than the answers that clients have had.

// drain stops a replica under load, several times over gRPC and over REST.
func drain(f *fire, o *outcome) error {
	t := table{Head: append(tallyHead("clients"), "answered, says the server", "stop took")}
	for _, kind := range []struct {
		name string
		args []string
		open func(*daemon) ([]caller, func(), error)
	}{
		{"gRPC", nil, grpcClients},
		{"gRPC, --drain-delay 1s", []string{"--drain-delay", "1s"}, grpcClients},
		{"gRPC, batches of 50", nil, batchClients},
		{"gRPC, streams", []string{"--drain-timeout", "4s", "--handshake-timeout", "2s"}, streamClients},
		{"REST, new connections", nil, freshClients},
		{"REST, kept connections", nil, keptClients},
		{"REST, kept connections, --drain-delay 1s", []string{"--drain-delay", "1s"}, keptClients},
	} {
		all, err := f.drainOften(kind.name, kind.args, kind.open)
		if err != nil {
			return fmt.Errorf("%s: %w", kind.name, err)
		}
		t.Rows = append(t.Rows, append(all.row(kind.name), fmt.Sprintf("%d", all.finished), milliseconds(all.slowest)))
		o.say(kind.name, &all.tally)
		o.none(all.count(wrong), kind.name+": wrong answers")
		o.none(all.bad, kind.name+": stops that were no success")
		o.must(all.finished <= all.count(right), kind.name+": answers that have come", fmt.Sprintf("%d at least, as many as the server has made", all.finished), fmt.Sprint(all.count(right)))
		o.none(all.count(lost)+all.count(failed), kind.name+": calls lost or failed")
	}
	o.Tables = append(o.Tables, t)
	o.note("HTTP/1.1 cannot say that a request was not taken. So a stopping daemon takes all connections that the kernel has made, closes those that speak by its answers, and the others after half a second without a request.")
	return nil
}

// A drained is what several stops have shown.
type drained struct {
	tally
	finished int // calls, says the server
	slowest  time.Duration
	bad      int // exits that were no success
}

func (f *fire) drainOften(name string, args []string, open func(*daemon) ([]caller, func(), error)) (*drained, error) {
	d, err := f.daemon(name, args...)
	if err != nil {
		return nil, err
	}
	all := new(drained)
	for range pick(f.options, 2, 20) {
		if err := all.once(d, open, pick(f.options, 200*time.Millisecond, 500*time.Millisecond)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// once starts the daemon, has clients call, stops it, and goes on calling for a moment.
func (all *drained) once(d *daemon, open func(*daemon) ([]caller, func(), error), before time.Duration) error {
	if err := d.start(); err != nil {
		return err
	}
	defer d.kill()
	callers, release, err := open(d)
	if err != nil {
		return err
	}
	defer release()
	c := &crew{callers: callers, questions: questions, tally: new(tally), every: 5 * time.Millisecond}
	stopWatch := d.watchFinished()
	err = during(func() error {
		time.Sleep(before)
		took, err := d.terminate()
		if err != nil {
			all.bad++
			c.tally.add(verdict{failed, "exit: " + err.Error()}, 0)
		}
		all.slowest = max(all.slowest, took)
		return nil
	}, c)
	all.finished += stopWatch()
	all.merge(c.tally)
	return err
}

// watchFinished reads the server's count of finished calls as often as it can; stop returns the last one.
func (d *daemon) watchFinished() (stop func() int) {
	var mu sync.Mutex
	var latest int
	ended := make(chan struct{})
	go func() {
		for {
			if m, err := d.metrics(); err == nil {
				mu.Lock()
				latest = int(m.sum("cbcerr_call_duration_seconds_count") + m.sum("cbcerr_stream_messages_total"))
				mu.Unlock()
			}
			select {
			case <-ended:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() int {
		close(ended)
		mu.Lock()
		defer mu.Unlock()
		return latest
	}
}

// drainClients is how many clients there are, each with a connection of its own.
const drainClients = 8

func grpcClients(d *daemon) ([]caller, func(), error) { return d.clients(overGRPC) }

func streamClients(d *daemon) ([]caller, func(), error) { return d.clients(overStream) }

func batchClients(d *daemon) ([]caller, func(), error) {
	return d.clients(func(conn grpc.ClientConnInterface) caller { return overBatch(conn, 50) })
}

func (d *daemon) clients(kind func(grpc.ClientConnInterface) caller) (all []caller, release func(), err error) {
	var conns []*grpc.ClientConn
	for range drainClients {
		conn, err := dialOne(new(attempts), d.grpc, nil)
		if err != nil {
			return nil, nil, err
		}
		conns, all = append(conns, conn), append(all, kind(conn))
	}
	return all, func() {
		for _, conn := range conns {
			conn.Close()
		}
	}, nil
}
