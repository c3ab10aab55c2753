package reload_test

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/reload"
	"github.com/google/go-cmp/cmp"
)

// What cannot be used at the start is an error: there is no last good version.
func TestFirstVersionMustBeGood(t *testing.T) {
	t.Parallel()
	refuse := func(reload.Snapshot) error { return errors.New("no good") }
	take := func(reload.Snapshot) error { return nil }
	dir := t.TempDir()
	large, empty := filepath.Join(dir, "large"), filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(large, make([]byte, reload.MaxBytes+1), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path string
		load func(reload.Snapshot) error
		says string
	}{
		{filepath.Join(dir, "none"), take, "none: no such file"},
		{large, take, "more than 33554432 bytes"},
		{dir, take, "more than 33554432 bytes"},
		{empty, refuse, "no good"},
	} {
		err := reload.NewWatch(slog.New(slog.DiscardHandler)).Add(t.Context(), reload.Source{Name: "x", Paths: []string{c.path}, Load: c.load})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.path, err, c.says)
		}
	}
}

// A folder's hidden files and the folders in it belong to others.
func TestSnapshotHoldsTheFilesOfAFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "1", "2")
	write(t, filepath.Join(dir, "inner"), "3", "4")
	write(t, filepath.Join(dir, ".hidden"), "3", "4")
	if err := os.WriteFile(filepath.Join(dir, ".swp"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	var got reload.Snapshot
	err := reload.NewWatch(slog.New(slog.DiscardHandler)).Add(t.Context(), reload.Source{Paths: []string{dir}, Load: func(s reload.Snapshot) error { got = s; return nil }})
	if err != nil {
		t.Fatal(err)
	}
	want := reload.Snapshot{filepath.Join(dir, "a"): []byte("1"), filepath.Join(dir, "b"): []byte("2")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Kubernetes changes a ConfigMap by one link that all files go through: what is loaded is of one version.
func TestLinkedFoldersAreOfOneVersion(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	turn := func(version string) {
		write(t, filepath.Join(dir, "..v"+version), version, version)
		link := filepath.Join(dir, "..new")
		if err := errors.Join(os.Symlink("..v"+version, link), os.Rename(link, filepath.Join(dir, "..data"))); err != nil {
			t.Fatal(err)
		}
	}
	turn("0")
	for _, name := range []string{"a", "b"} {
		if err := os.Symlink(filepath.Join("..data", name), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	u := watch(t, 100*time.Microsecond, dir)
	for i := range 200 {
		turn(fmt.Sprint((i + 1) % 10))
	}
	turn("x")
	for got := ""; got != "xx"; {
		select {
		case got = <-u.loads:
			if got[0] != got[1] {
				t.Errorf("%q is of two versions", got)
			}
		case <-time.After(patience):
			t.Fatal("the last version is not loaded")
		}
	}
}
