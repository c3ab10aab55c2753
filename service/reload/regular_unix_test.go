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

// fifo makes a pipe that nobody writes to: who opens it waits for good.
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

// Only regular files are read, whatever leads to the others.
func TestAdd_IrregularFile(t *testing.T) {
	t.Parallel()
	dir, folder := t.TempDir(), t.TempDir()
	pipe, socket := fifo(t, filepath.Join(dir, "pipe")), filepath.Join(dir, "socket")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	within := link(t, pipe, filepath.Join(folder, "de.tsv"))
	for _, c := range []struct{ name, path, says string }{
		{"pipe", pipe, pipe + ": not a regular file: prw-------"},
		{"link to a pipe", link(t, pipe, filepath.Join(dir, "to-pipe")), "to-pipe: not a regular file: prw-------"},
		{"device without an end", "/dev/zero", "/dev/zero: not a regular file: Dc"},
		{"link to a device", link(t, "/dev/null", filepath.Join(dir, "to-device")), "to-device: not a regular file: Dc"},
		{"socket", socket, socket + ": not a regular file: S"},
		{"pipe in a folder", folder, within + ": not a regular file: prw-------"},
		{"link to itself", link(t, "self", filepath.Join(dir, "self")), "too many levels of symbolic links"},
	} {
		t.Run(c.name, func(t *testing.T) {
			added := make(chan error, 1)
			go func() {
				added <- reload.NewWatch(slog.New(slog.DiscardHandler)).Add(t.Context(), reload.Source{Name: "x", Paths: []string{c.path}, Load: func(reload.Snapshot) error { return nil }})
			}()
			select {
			case err := <-added:
				if err == nil || !strings.Contains(err.Error(), c.says) {
					t.Errorf("%v, want %q", err, c.says)
				}
			case <-time.After(patience):
				t.Error("the file is read and read")
			}
		})
	}
}

// A pipe in place of a file is a fault like others: the last good version stays until the next good one.
func TestWatch_PipeReplacesFile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		u := watchNew(t, time.Hour)
		name := filepath.Join(u.dir, "b")
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
		fifo(t, name)
		u.look()
		u.wantNothing(t)
		u.wantMetrics(t, 0, 1, 1)
		if !strings.Contains(u.log.String(), name+": not a regular file") {
			t.Errorf("no line names %s: %s", name, u.log)
		}
		write(t, u.dir, "2", "2")
		u.look()
		u.want(t, "22")
		u.wantMetrics(t, 1, 1, 0)
	})
}
