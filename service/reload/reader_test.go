package reload_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cbcerr/cbcerr/service/reload"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

// A disk is a fake file system whose reads can hang.
type disk struct {
	mu    sync.Mutex
	text  map[string]string
	hung  map[string]chan struct{} // closed to continue the reads
	reads map[string]int           // number of started reads
}

func newDisk() *disk {
	return &disk{text: map[string]string{"/a": "1", "/b": "1"}, hung: map[string]chan struct{}{}, reads: map[string]int{}}
}

// read implements the read function of a Watcher.
func (d *disk) read(paths []string) (reload.Snapshot, error) {
	d.mu.Lock()
	text, hung := d.text[paths[0]], d.hung[paths[0]]
	d.reads[paths[0]]++
	d.mu.Unlock()
	if hung != nil {
		<-hung
	}
	return reload.Snapshot{paths[0]: []byte(text)}, nil
}

// put writes a file. Hung reads return the previous text.
func (d *disk) put(path, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.text[path] = text
}

// hang makes reads of a file hang until release. It resets their count.
func (d *disk) hang(path string) (release func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	hung := make(chan struct{})
	d.hung[path], d.reads[path] = hung, 0
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.hung[path] = nil
		close(hung)
	}
}

func (d *disk) startedReads(path string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.reads[path]
}

// A watchedDisk has a source for each of the disk's two files.
type watchedDisk struct {
	*disk
	*reload.Watcher
	signals chan os.Signal
	log     *logBuffer
	mu      sync.Mutex
	loaded  map[string]string
}

// watchDisk watches a disk until the test ends.
func watchDisk(t *testing.T) *watchedDisk {
	t.Helper()
	w := &watchedDisk{disk: newDisk(), signals: make(chan os.Signal), log: new(logBuffer), loaded: map[string]string{}}
	w.Watcher = reload.NewWatcher(slog.New(slog.NewTextHandler(w.log, nil)))
	w.SetRead(w.read)
	for _, path := range []string{"/a", "/b"} {
		load := func(s reload.Snapshot) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.loaded[path] = string(s[path])
			return nil
		}
		if err := w.Add(t.Context(), reload.Source{Name: path, Paths: []string{path}, Load: load}); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { w.Run(ctx, time.Hour, w.signals); close(done) }()
	t.Cleanup(func() { stop(); <-done })
	return w
}

// reloadNow triggers a check of all sources and waits for their end.
func (w *watchedDisk) reloadNow() {
	w.signals <- syscall.SIGHUP
	time.Sleep(time.Minute) // synctest time, longer than the read timeout
	synctest.Wait()
}

// want checks the version of a file in use.
func (w *watchedDisk) want(t *testing.T, path, text string) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if got := w.loaded[path]; got != text {
		t.Errorf("%s: %q is in use, want %q", path, got, text)
	}
}

// wantFailing compares the metric of both sources.
func (w *watchedDisk) wantFailing(t *testing.T, a, b int) {
	t.Helper()
	want := fmt.Sprintf(`# HELP reload_failing 1 while the files are invalid and their last good version is in use.
# TYPE reload_failing gauge
reload_failing{source="/a"} %d
reload_failing{source="/b"} %d
`, a, b)
	if err := testutil.CollectAndCompare(w, strings.NewReader(want), "reload_failing"); err != nil {
		t.Error(err)
	}
}

// A hung read affects only its source, which is reloaded once the read returns.
func TestWatcher_HungRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := watchDisk(t)
		release := w.hang("/a")
		for _, text := range []string{"2", "3", "4"} {
			w.put("/a", text)
			w.put("/b", text)
			w.reloadNow()
			w.want(t, "/a", "1")
			w.want(t, "/b", text)
		}
		if n := w.startedReads("/a"); n != 1 {
			t.Errorf("%d reads of the hung file, want 1", n)
		}
		w.wantFailing(t, 1, 0)
		if n := strings.Count(w.log.String(), `source=/a error="/a: not read within 5s"`); n != 1 {
			t.Errorf("the error is logged %d times, want once:\n%s", n, w.log)
		}
		release()
		w.reloadNow()
		w.want(t, "/a", "4") // the hung read returned "2"
		w.wantFailing(t, 0, 0)
	})
}

func TestAdd_HungRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		cancel bool
		want   string
	}{
		{"timeout", false, "/a: not read within 5s"},
		{"context ends", true, context.Canceled.Error()},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newDisk()
				defer d.hang("/a")()
				w := reload.NewWatcher(slog.New(slog.DiscardHandler))
				w.SetRead(d.read)
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				if c.cancel {
					time.AfterFunc(time.Second, stop)
				}
				start := time.Now()
				err := w.Add(ctx, reload.Source{Name: "a", Paths: []string{"/a"}, Load: func(reload.Snapshot) error { return errors.New("loaded") }})
				if err == nil || err.Error() != c.want || time.Since(start) > 5*time.Second {
					t.Errorf("%v after %v, want %q within 5s", err, time.Since(start), c.want)
				}
			})
		})
	}
}
