package reload

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"
)

// readTimeout limits one read of a source's files.
const readTimeout = 5 * time.Second

var errTimeout = fmt.Errorf("not read within %v", readTimeout)

// A readFunc reads files and directories. It stores each path before it reads it, so that a timeout can name it.
type readFunc = func(paths []string, at *atomic.Value) (Snapshot, error)

// A version is the result of one read.
type version struct {
	files  Snapshot
	digest [sha256.Size]byte
	err    error
}

// A reader reads the files of one source. A read of a hung file system may never return. So each read runs in its own goroutine,
// which the reader abandons after a timeout. The reader starts no further read until that one returns.
type reader struct {
	read    readFunc
	paths   []string
	pending chan version  // of the read in progress; nil if none is
	at      *atomic.Value // path of the read in progress
}

// readNow reads the files. Its version has an error if that takes too long or the context ends.
func (r *reader) readNow(ctx context.Context) version {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	if r.pending != nil {
		if _, err := r.wait(ctx); err != nil { // its result may be outdated, so it is dropped
			return version{err: err}
		}
	}
	r.start()
	v, err := r.wait(ctx)
	if err != nil {
		return version{err: err}
	}
	return v
}

func (r *reader) start() {
	done, at := make(chan version, 1), new(atomic.Value)
	at.Store(strings.Join(r.paths, ", "))
	r.pending, r.at = done, at
	go func() {
		files, err := r.read(r.paths, at)
		done <- version{files, files.digest(), err}
	}()
}

// wait waits for the read in progress.
func (r *reader) wait(ctx context.Context) (version, error) {
	select {
	case v := <-r.pending:
		r.pending = nil
		return v, nil
	case <-ctx.Done():
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return version{}, fmt.Errorf("%v: %w", r.at.Load(), errTimeout)
	}
	return version{}, ctx.Err()
}
