package reload_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cbcerr/cbcerr/service/reload"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

// A textSource watches the files a and b of a directory. A version that contains "bad" is invalid.
type textSource struct {
	*reload.Watcher
	dir     string
	signals chan os.Signal
	loads   chan string // receives each version loaded
	log     *logBuffer
}

// startWatcher watches a directory until the test ends. With a long interval only signals trigger a check.
func startWatcher(t *testing.T, interval time.Duration, dir string) *textSource {
	t.Helper()
	return startWatcherWith(t, interval, dir, (*textSource).load)
}

// startWatcherWith is like startWatcher with another Load function.
func startWatcherWith(t *testing.T, interval time.Duration, dir string, load func(*textSource, reload.Snapshot) error) *textSource {
	t.Helper()
	s := &textSource{dir: dir, signals: make(chan os.Signal), loads: make(chan string, 100), log: new(logBuffer)}
	s.Watcher = reload.NewWatcher(slog.New(slog.NewTextHandler(s.log, nil)))
	if err := s.Add(t.Context(), reload.Source{Name: "texts", Paths: []string{dir}, Load: func(files reload.Snapshot) error { return load(s, files) }}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { s.Run(ctx, interval, s.signals); close(done) }()
	t.Cleanup(func() { stop(); <-done })
	return s
}

// startWatcherOfNewDir watches a new directory, and has loaded "11" from it.
func startWatcherOfNewDir(t *testing.T, interval time.Duration) *textSource {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "1", "1")
	s := startWatcher(t, interval, dir)
	s.want(t, "11")
	return s
}

// load is a Load function.
func (s *textSource) load(files reload.Snapshot) error {
	text := ""
	for _, name := range []string{"a", "b"} {
		dir, err := files.Dir(s.dir)
		if err != nil {
			return err
		}
		content, err := fs.ReadFile(dir, name)
		if err != nil {
			return err
		}
		text += string(content)
	}
	if strings.Contains(text, "bad") {
		return errors.New("it is bad")
	}
	s.loads <- text
	return nil
}

// testTimeout bounds the wait for an event that must happen, on a slow machine.
const testTimeout = 30 * time.Second

func (s *textSource) want(t *testing.T, text string) {
	t.Helper()
	select {
	case got := <-s.loads:
		if got != text {
			t.Errorf("loaded %q, want %q", got, text)
		}
	case <-time.After(testTimeout):
		t.Fatalf("%q is not loaded", text)
	}
}

func (s *textSource) wantNothing(t *testing.T) {
	t.Helper()
	select {
	case got := <-s.loads:
		t.Errorf("loaded %q, want nothing", got)
	default:
	}
}

// reloadNow triggers a check and waits for its end. It must run in a synctest bubble.
func (s *textSource) reloadNow() {
	s.signals <- syscall.SIGHUP
	synctest.Wait()
}

// write writes both files, each atomically.
func write(t *testing.T, dir, a, b string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"a": a, "b": b} {
		unfinished := filepath.Join(dir, "."+name) // hidden files are not read
		if err := errors.Join(os.WriteFile(unfinished, []byte(text), 0o644), os.Rename(unfinished, filepath.Join(dir, name))); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWatcher_LoadsChange(t *testing.T) {
	t.Parallel()
	s := startWatcherOfNewDir(t, time.Millisecond)
	write(t, s.dir, "2", "1")
	s.want(t, "21")
}

func TestWatcher_SkipsUnchangedFiles(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := startWatcherOfNewDir(t, time.Hour)
		s.reloadNow()
		s.wantNothing(t)
	})
}

// Each error is logged once. The next good version is loaded.
func TestWatcher_KeepsLastGoodVersion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, keepsLastGoodVersion)
}

func keepsLastGoodVersion(t *testing.T) {
	s := startWatcherOfNewDir(t, time.Hour)
	write(t, s.dir, "2", "bad")
	s.reloadNow()
	s.reloadNow()
	s.wantNothing(t)
	s.wantMetrics(t, 0, 1, 1)
	if n := strings.Count(s.log.String(), "it is bad"); n != 1 {
		t.Errorf("the error is logged %d times, want once", n)
	}
	if err := os.Remove(filepath.Join(s.dir, "b")); err != nil {
		t.Fatal(err)
	}
	s.reloadNow()
	s.wantMetrics(t, 0, 2, 1)
	write(t, s.dir, "2", "2")
	s.reloadNow()
	s.want(t, "22")
	s.wantMetrics(t, 1, 2, 0)
}

func TestWatcher_TruncatesLongError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		s := startWatcherWith(t, time.Hour, dir, func(_ *textSource, files reload.Snapshot) error {
			if len(files) > 0 {
				return errors.New(strings.Repeat("语", 1<<20))
			}
			return nil
		})
		write(t, dir, "2", "2")
		s.reloadNow()
		s.reloadNow()
		if line, want := s.log.String(), strings.Repeat("语", 341)+"… (3145728 bytes)"; strings.Count(line, want) != 1 || strings.Contains(line, strings.Repeat("语", 342)) {
			t.Errorf("%d bytes, %.2000q, want %s once", len(line), line, want)
		}
	})
}

// The directory was missing for a while, and has the same version as before: no files.
func TestWatcher_ReloadsUnchangedFilesAfterError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, reloadsUnchangedFilesAfterError)
}

func reloadsUnchangedFilesAfterError(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "empty")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	s := startWatcherWith(t, time.Hour, dir, func(*textSource, reload.Snapshot) error { return nil })
	if err := os.Rename(dir, dir+".away"); err != nil {
		t.Fatal(err)
	}
	s.reloadNow()
	s.wantMetrics(t, 0, 1, 1)
	if err := os.Rename(dir+".away", dir); err != nil {
		t.Fatal(err)
	}
	s.reloadNow()
	s.wantMetrics(t, 1, 1, 0)
}

// wantMetrics compares all metrics.
func (s *textSource) wantMetrics(t *testing.T, ok, failed, failing int) {
	t.Helper()
	want := fmt.Sprintf(`# HELP reload_failing 1 while the files are invalid and their last good version is in use.
# TYPE reload_failing gauge
reload_failing{source="texts"} %d
# HELP reloads_total Loads of changed files, by source and result.
# TYPE reloads_total counter
reloads_total{result="failed",source="texts"} %d
reloads_total{result="ok",source="texts"} %d
`, failing, failed, ok)
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(s)
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
}

// A logBuffer keeps the log. It is safe for concurrent use.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
