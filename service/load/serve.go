package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"
)

// A setup is what a child is told when it starts.
type setup struct {
	Identity identity
	Answers  answers // of constant servers
}

// servers are all kinds of servers: ours, those that do nothing, and the one that everybody would write.
var servers = map[string]struct {
	tls   bool
	start func(setup, *identity) (endpoint, error)
}{
	"cbcerr":      {start: startOurs},
	"cbcerr-tls":  {start: startOurs, tls: true},
	"cbcerr-bare": {start: startBare},
	"null":        {start: startNull},
	"null-tls":    {start: startNull, tls: true},
	"static":      {start: startStatic},
	"static-tls":  {start: startStatic, tls: true},
	"naive":       {start: startNaive},
}

// statsCommand is the line that asks a child for its usage.
const statsCommand = "stats"

// maxSetup is how many bytes a setup has at most; the answer to a batch is most of it.
const maxSetup = 16 << 20

// serve is the life of a child: it reads its setup, says where it answers, and tells its usage whenever it is asked, until
// nobody can ask any more.
func serve(name string, in io.Reader, out io.Writer) error {
	kind, ok := servers[name]
	if !ok {
		return fmt.Errorf("no server is %q", name)
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxSetup)
	if !lines.Scan() {
		return fmt.Errorf("no setup: %w", cmp.Or(lines.Err(), io.ErrUnexpectedEOF))
	}
	var s setup
	if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
		return err
	}
	var own *identity
	if kind.tls {
		own = &s.Identity
	}
	e, err := kind.start(s, own)
	if err != nil {
		return err
	}
	answer := json.NewEncoder(out)
	for err = answer.Encode(e); err == nil && lines.Scan(); err = answer.Encode(ownUsage()) {
		if lines.Text() != statsCommand {
			return fmt.Errorf("no command is %q", lines.Text())
		}
	}
	return errors.Join(err, lines.Err())
}

// A usage is what a process has used since it started.
type usage struct {
	CPU         time.Duration // of all cores, its own and the kernel's for it
	Allocations uint64
	Bytes       uint64 // of all allocations
	Heap        uint64 // bytes in use now
	Collections uint32
	memory      float64 // MiB that are resident, which the parent adds
}

func ownUsage() usage {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return usage{CPU: ownCPU(), Allocations: m.Mallocs, Bytes: m.TotalAlloc, Heap: m.HeapInuse, Collections: m.NumGC}
}
