package reload

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing/fstest"
)

// MaxBytes is how much the files of a source may hold together: thousands of times what they do. It keeps a wrong path from
// filling the memory.
const MaxBytes = 32 << 20

// A Snapshot is the content of files, by their paths.
type Snapshot map[string][]byte

// read reads files, and those in folders but for hidden ones, which Kubernetes keeps the versions of a ConfigMap in. It stores
// each path before it touches it.
func read(paths []string, at *atomic.Value) (Snapshot, error) {
	s, room := Snapshot{}, int64(MaxBytes)
	for _, path := range paths {
		at.Store(path)
		names, err := filesOf(path)
		if err != nil {
			return s, err
		}
		for _, name := range names {
			at.Store(name)
			content, err := readFile(name, room)
			if err != nil {
				return s, err
			}
			s[name] = content
			if room -= int64(len(content)); room < 0 {
				return s, fmt.Errorf("%s: with it there are more than %d bytes", name, MaxBytes)
			}
		}
	}
	return s, nil
}

// filesOf are the files of a folder, or a file by itself.
func filesOf(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, wantRegular(path, info)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		name := filepath.Join(path, entry.Name())
		info, err := os.Stat(name)
		switch {
		case strings.HasPrefix(entry.Name(), "."), errors.Is(err, fs.ErrNotExist), err == nil && info.IsDir():
			continue
		case err == nil:
			err = wantRegular(name, info)
		}
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// wantRegular refuses pipes, devices and sockets: to read one may block for good.
func wantRegular(path string, info fs.FileInfo) error {
	if mode := info.Mode(); !mode.IsRegular() {
		return fmt.Errorf("%s: not a regular file: %v", path, mode)
	}
	return nil
}

// readFile reads at most a byte more than there is room for. The file may no longer be the one that was looked at before.
func readFile(name string, room int64) ([]byte, error) {
	file, err := os.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if err := wantRegular(name, info); err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(file, room+1))
}

// digest tells versions apart.
func (s Snapshot) digest() (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(s)) {
		fmt.Fprintf(h, "%q %d\n", name, len(s[name]))
		h.Write(s[name])
	}
	h.Sum(sum[:0])
	return sum
}

// File is what a file held, never nil. That the path is one of a folder is an error.
func (s Snapshot) File(path string) ([]byte, error) {
	content, ok := s[path]
	if !ok {
		return nil, fmt.Errorf("%s: not a file", path)
	}
	return content, nil
}

// Folder is what a folder held. That the path is one of a file is an error.
func (s Snapshot) Folder(path string) (fs.FS, error) {
	if _, ok := s[path]; ok {
		return nil, fmt.Errorf("%s: not a folder", path)
	}
	folder := fstest.MapFS{} // a file system in memory, which the standard library keeps with its tests
	for name, content := range s {
		if filepath.Dir(name) == filepath.Clean(path) {
			folder[filepath.Base(name)] = &fstest.MapFile{Data: content, Mode: 0o444}
		}
	}
	return folder, nil
}
