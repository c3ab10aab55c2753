package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"github.com/cbcerr/cbcerr/service/machine"
)

// serveCommand is the first argument of a process that is a server; the second is the name of its kind.
const serveCommand = "serve"

// A child is a server in a process of its own: its memory and its processor time are its own, and so are its pauses.
type child struct {
	endpoint
	name    string
	process *exec.Cmd
	in      io.WriteCloser
	out     *json.Decoder
}

// An endpoint is where a server answers, as host:port each; a server that does not speak one of them has none.
type endpoint struct {
	GRPC, REST string
	tls        *identity // nil for servers in the clear
}

// startChild starts a server by the name of its kind, and returns once it answers.
func startChild(name string, s setup) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &child{name: name, process: exec.Command(self, serveCommand, name)}
	c.process.Stderr = os.Stderr
	if c.in, err = c.process.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.process.Start(); err != nil {
		return nil, err
	}
	c.out = json.NewDecoder(bufio.NewReader(out))
	if err := errors.Join(json.NewEncoder(c.in).Encode(s), c.out.Decode(&c.endpoint)); err != nil {
		c.stop()
		return nil, fmt.Errorf("server %s: %w", name, err)
	}
	if servers[name].tls {
		c.tls = &s.Identity
	}
	return c, nil
}

// stop ends the process, which ends itself when nobody writes to it any more.
func (c *child) stop() {
	c.in.Close()
	_ = c.process.Wait() // that it has ended is all that counts
}

// usage asks the process what it has used so far.
func (c *child) usage() (u usage, err error) {
	if _, err = io.WriteString(c.in, statsCommand+"\n"); err == nil {
		err = c.out.Decode(&u)
	}
	if err != nil {
		return usage{}, fmt.Errorf("server %s: %w", c.name, err)
	}
	u.memory, err = machine.Memory(c.process.Process.Pid, resident)
	return u, err
}

// The lines of Linux about a process's memory.
const (
	resident = "VmRSS" // what is in use now
	highest  = "VmHWM" // the most that ever was
)

// A fleet is all servers of a run. They live as long as it does; only one of them is under load at a time.
type fleet map[string]*child

// startFleet starts cbcerr first: what it answers is what the constant servers answer ever after.
func startFleet(q questions) (f fleet, s setup, err error) {
	f = fleet{}
	defer func() {
		if err != nil {
			f.stop()
		}
	}()
	if s.Identity, err = newIdentity(); err != nil {
		return f, s, err
	}
	if err = f.start("cbcerr", s); err != nil {
		return f, s, err
	}
	if s.Answers, err = capture(f["cbcerr"].endpoint, q); err != nil {
		return f, s, fmt.Errorf("what cbcerr answers: %w", err)
	}
	for name := range servers {
		if err = f.start(name, s); err != nil {
			return f, s, err
		}
	}
	return f, s, nil
}

// start starts a server unless it runs.
func (f fleet) start(name string, s setup) error {
	if f[name] != nil {
		return nil
	}
	c, err := startChild(name, s)
	if err == nil {
		f[name] = c
	}
	return err
}

func (f fleet) stop() {
	for _, c := range f {
		c.stop()
	}
}
