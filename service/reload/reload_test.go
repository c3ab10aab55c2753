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

// A user makes use of a folder, but not of a version that says bad.
type user struct {
	*reload.Watch
	dir     string
	signals chan os.Signal
	loads   chan string // each version that was loaded
	log     *safeBuffer
}

// watch looks at a folder until the test ends; with no tick worth mentioning only signals make it look.
func watch(t *testing.T, every time.Duration, dir string) *user {
	t.Helper()
	return watchAs(t, every, dir, (*user).load)
}

func watchAs(t *testing.T, every time.Duration, dir string, load func(*user, reload.Snapshot) error) *user {
	t.Helper()
	u := &user{dir: dir, signals: make(chan os.Signal), loads: make(chan string, 100), log: new(safeBuffer)}
	u.Watch = reload.NewWatch(slog.New(slog.NewTextHandler(u.log, nil)))
	if err := u.Add(t.Context(), reload.Source{Name: "texts", Paths: []string{dir}, Load: func(s reload.Snapshot) error { return load(u, s) }}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { u.Run(ctx, every, u.signals); close(done) }()
	t.Cleanup(func() { stop(); <-done })
	return u
}

// watchNew watches a folder of its own, of which "11" is loaded.
func watchNew(t *testing.T, every time.Duration) *user {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "1", "1")
	u := watch(t, every, dir)
	u.want(t, "11")
	return u
}

func (u *user) load(s reload.Snapshot) error {
	text := ""
	for _, name := range []string{"a", "b"} {
		folder, err := s.Folder(u.dir)
		if err != nil {
			return err
		}
		content, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		text += string(content)
	}
	if strings.Contains(text, "bad") {
		return errors.New("it is bad")
	}
	u.loads <- text
	return nil
}

const patience = 30 * time.Second

func (u *user) want(t *testing.T, text string) {
	t.Helper()
	select {
	case got := <-u.loads:
		if got != text {
			t.Errorf("loaded %q, want %q", got, text)
		}
	case <-time.After(patience):
		t.Fatalf("%q is not loaded", text)
	}
}

func (u *user) wantNothing(t *testing.T) {
	t.Helper()
	select {
	case got := <-u.loads:
		t.Errorf("loaded %q, want nothing", got)
	default:
	}
}

// look has the files looked at, and returns when that is over. It is for tests in a bubble of synctest.
func (u *user) look() {
	u.signals <- syscall.SIGHUP
	synctest.Wait()
}

// write writes both files, each at once.
func write(t *testing.T, dir, a, b string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"a": a, "b": b} {
		unfinished := filepath.Join(dir, "."+name) // no source has such names
		if err := errors.Join(os.WriteFile(unfinished, []byte(text), 0o644), os.Rename(unfinished, filepath.Join(dir, name))); err != nil {
			t.Fatal(err)
		}
	}
}

func TestChangesAreTakenInByThemselves(t *testing.T) {
	t.Parallel()
	u := watchNew(t, time.Millisecond)
	write(t, u.dir, "2", "1")
	u.want(t, "21")
}

func TestNothingIsLoadedTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, nothingIsLoadedTwice)
}

func nothingIsLoadedTwice(t *testing.T) {
	u := watchNew(t, time.Hour)
	u.look()
	u.wantNothing(t)
}

// A faulty version is refused whole, everybody can see it, and the next good one is taken in.
func TestLastGoodVersionStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, lastGoodVersionStays)
}

func lastGoodVersionStays(t *testing.T) {
	u := watchNew(t, time.Hour)
	write(t, u.dir, "2", "bad")
	u.look()
	u.look()
	u.wantNothing(t)
	u.wantMetrics(t, 0, 1, 1)
	if n := strings.Count(u.log.String(), "it is bad"); n != 1 {
		t.Errorf("the fault is logged %d times, want once", n)
	}
	if err := os.Remove(filepath.Join(u.dir, "b")); err != nil {
		t.Fatal(err)
	}
	u.look()
	u.wantMetrics(t, 0, 2, 1)
	write(t, u.dir, "2", "2")
	u.look()
	u.want(t, "22")
	u.wantMetrics(t, 1, 2, 0)
}

// A fault is logged once even if it is long, and then not whole.
func TestWatch_LongFault(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		u := watchAs(t, time.Hour, dir, func(_ *user, s reload.Snapshot) error {
			if len(s) > 0 {
				return errors.New(strings.Repeat("语", 1<<20))
			}
			return nil
		})
		write(t, dir, "2", "2")
		u.look()
		u.look()
		if line, want := u.log.String(), strings.Repeat("语", 341)+"… (3145728 bytes)"; strings.Count(line, want) != 1 || strings.Contains(line, strings.Repeat("语", 342)) {
			t.Errorf("%d bytes, %.2000q, want %s once", len(line), line, want)
		}
	})
}

// Files that were away for a while are as good as before when they are back, even if there are none.
func TestFaultEndsWithItsCause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, faultEndsWithItsCause)
}

func faultEndsWithItsCause(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "empty")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	u := watchAs(t, time.Hour, dir, func(*user, reload.Snapshot) error { return nil })
	if err := os.Rename(dir, dir+".away"); err != nil {
		t.Fatal(err)
	}
	u.look()
	u.wantMetrics(t, 0, 1, 1)
	if err := os.Rename(dir+".away", dir); err != nil {
		t.Fatal(err)
	}
	u.look()
	u.wantMetrics(t, 1, 1, 0)
}

// wantMetrics compares all there is to see.
func (u *user) wantMetrics(t *testing.T, ok, failed, failing int) {
	t.Helper()
	want := fmt.Sprintf(`# HELP reload_failing 1 while files are faulty and their last good version is in use.
# TYPE reload_failing gauge
reload_failing{source="texts"} %d
# HELP reloads_total Versions of files that were taken in, or refused.
# TYPE reloads_total counter
reloads_total{result="failed",source="texts"} %d
reloads_total{result="ok",source="texts"} %d
`, failing, failed, ok)
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(u)
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
}

// safeBuffer is a buffer for many at once.
type safeBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
