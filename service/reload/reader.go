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

// readTimeout is how long one read of a source's files may take.
const readTimeout = 5 * time.Second

var errTimeout = fmt.Errorf("not read within %v", readTimeout)

// A readFunc reads files and folders, and stores the path that it is about to read.
type readFunc = func(paths []string, at *atomic.Value) (Snapshot, error)

// A version is what one read found.
type version struct {
	files  Snapshot
	digest [sha256.Size]byte
	err    error
}

// A reader reads the files of one source. A read of a hung file system never returns, so each runs in a goroutine of its own, which
// is abandoned after a timeout. A reader starts no second one while that has not returned.
type reader struct {
	read    readFunc
	paths   []string
	pending chan version  // of the read that has not returned; nil if there is none
	at      *atomic.Value // the path that it reads
}

// next reads the files, unless that takes too long or the context ends.
func (r *reader) next(ctx context.Context) version {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	if r.pending != nil {
		if _, err := r.wait(ctx); err != nil { // what it has read may be old
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

// wait waits for the pending read.
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
