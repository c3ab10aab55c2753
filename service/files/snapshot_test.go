package files_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/files"
	"github.com/google/go-cmp/cmp"
)

// What cannot be used at the start is an error: there is no last good version.
func TestFirstVersionMustBeGood(t *testing.T) {
	t.Parallel()
	refuse := func(files.Snapshot) error { return errors.New("no good") }
	take := func(files.Snapshot) error { return nil }
	dir := t.TempDir()
	large, empty := filepath.Join(dir, "large"), filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(large, make([]byte, files.MaxBytes+1), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path string
		load func(files.Snapshot) error
		says string
	}{
		{filepath.Join(dir, "none"), take, "none: no such file"},
		{large, take, "more than 33554432 bytes"},
		{dir, take, "more than 33554432 bytes"},
		{empty, refuse, "no good"},
	} {
		err := files.NewWatch(slog.New(slog.DiscardHandler)).Add(t.Context(), files.Source{Name: "x", Paths: []string{c.path}, Load: c.load})
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
	var got files.Snapshot
	err := files.NewWatch(slog.New(slog.DiscardHandler)).Add(t.Context(), files.Source{Paths: []string{dir}, Load: func(s files.Snapshot) error { got = s; return nil }})
	if err != nil {
		t.Fatal(err)
	}
	want := files.Snapshot{filepath.Join(dir, "a"): []byte("1"), filepath.Join(dir, "b"): []byte("2")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
