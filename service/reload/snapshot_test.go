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

func TestAdd_InvalidFirstVersion(t *testing.T) {
	t.Parallel()
	fail := func(reload.Snapshot) error { return errors.New("invalid") }
	accept := func(reload.Snapshot) error { return nil }
	dir := t.TempDir()
	large, empty := filepath.Join(dir, "large"), filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(large, make([]byte, reload.MaxBytes+1), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path    string
		load    func(reload.Snapshot) error
		message string
	}{
		{filepath.Join(dir, "none"), accept, "none: no such file"},
		{large, accept, "more than 33554432 bytes"},
		{dir, accept, "more than 33554432 bytes"},
		{empty, fail, "invalid"},
	} {
		err := reload.NewWatcher(slog.New(slog.DiscardHandler)).Add(t.Context(), reload.Source{Name: "x", Paths: []string{c.path}, Load: c.load})
		if err == nil || !strings.Contains(err.Error(), c.message) {
			t.Errorf("%s: %v, want %q", c.path, err, c.message)
		}
	}
}

func TestSnapshot_SkipsHiddenFilesAndSubdirectories(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "1", "2")
	write(t, filepath.Join(dir, "inner"), "3", "4")
	write(t, filepath.Join(dir, ".hidden"), "3", "4")
	if err := os.WriteFile(filepath.Join(dir, ".swp"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	var got reload.Snapshot
	err := reload.NewWatcher(slog.New(slog.DiscardHandler)).Add(t.Context(), reload.Source{Paths: []string{dir}, Load: func(s reload.Snapshot) error { got = s; return nil }})
	if err != nil {
		t.Fatal(err)
	}
	want := reload.Snapshot{filepath.Join(dir, "a"): []byte("1"), filepath.Join(dir, "b"): []byte("2")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Kubernetes updates a ConfigMap by replacing one link that all its files go through.
func TestWatcher_LinkedDirectoryIsOneVersion(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	publish := func(version string) {
		write(t, filepath.Join(dir, "..v"+version), version, version)
		link := filepath.Join(dir, "..new")
		if err := errors.Join(os.Symlink("..v"+version, link), os.Rename(link, filepath.Join(dir, "..data"))); err != nil {
			t.Fatal(err)
		}
	}
	publish("0")
	for _, name := range []string{"a", "b"} {
		if err := os.Symlink(filepath.Join("..data", name), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	s := startWatcher(t, 100*time.Microsecond, dir)
	for i := range 200 {
		publish(fmt.Sprint((i + 1) % 10))
	}
	publish("x")
	for got := ""; got != "xx"; {
		select {
		case got = <-s.loads:
			if got[0] != got[1] {
				t.Errorf("%q mixes two versions", got)
			}
		case <-time.After(testTimeout):
			t.Fatal("the last version is not loaded")
		}
	}
}
