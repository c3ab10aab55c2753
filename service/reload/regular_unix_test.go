//go:build unix

package reload_test

import (
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cbcerr/cbcerr/service/reload"
)

// fifo creates a pipe without a writer, which blocks a reader forever.
func fifo(t *testing.T, path string) string {
	t.Helper()
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func link(t *testing.T, target, path string) string {
	t.Helper()
	if err := os.Symlink(target, path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAdd_IrregularFile(t *testing.T) {
	t.Parallel()
	dir, sourceDir := t.TempDir(), t.TempDir()
	pipe, socket := fifo(t, filepath.Join(dir, "pipe")), filepath.Join(dir, "socket")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	inner := link(t, pipe, filepath.Join(sourceDir, "de.tsv"))
	for _, c := range []struct{ name, path, message string }{
		{"pipe", pipe, pipe + ": not a regular file: prw-------"},
		{"link to a pipe", link(t, pipe, filepath.Join(dir, "to-pipe")), "to-pipe: not a regular file: prw-------"},
		{"endless device", "/dev/zero", "/dev/zero: not a regular file: Dc"},
		{"link to a device", link(t, "/dev/null", filepath.Join(dir, "to-device")), "to-device: not a regular file: Dc"},
		{"socket", socket, socket + ": not a regular file: S"},
		{"pipe in a directory", sourceDir, inner + ": not a regular file: prw-------"},
		{"link to itself", link(t, "self", filepath.Join(dir, "self")), "too many levels of symbolic links"},
	} {
		t.Run(c.name, func(t *testing.T) {
			added := make(chan error, 1)
			go func() {
				added <- reload.NewWatcher(slog.New(slog.DiscardHandler)).Add(t.Context(), reload.Source{Name: "x", Paths: []string{c.path}, Load: func(reload.Snapshot) error { return nil }})
			}()
			select {
			case err := <-added:
				if err == nil || !strings.Contains(err.Error(), c.message) {
					t.Errorf("%v, want %q", err, c.message)
				}
			case <-time.After(testTimeout):
				t.Error("the file is still being read")
			}
		})
	}
}

// The last good version stays in use until the next good one.
func TestWatcher_PipeReplacesFile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := startWatcherOfNewDir(t, time.Hour)
		name := filepath.Join(s.dir, "b")
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
		fifo(t, name)
		s.reloadNow()
		s.wantNothing(t)
		s.wantMetrics(t, 0, 1, 1)
		if !strings.Contains(s.log.String(), name+": not a regular file") {
			t.Errorf("no line names %s: %s", name, s.log)
		}
		write(t, s.dir, "2", "2")
		s.reloadNow()
		s.want(t, "22")
		s.wantMetrics(t, 1, 1, 0)
	})
}
