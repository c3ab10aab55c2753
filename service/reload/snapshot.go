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

// MaxBytes is the maximum total size of a source's files. It is far above real sizes, and protects the memory from a wrong path.
const MaxBytes = 32 << 20

// A Snapshot holds the contents of files by path.
type Snapshot map[string][]byte

// read reads files, and the files of directories except hidden ones: Kubernetes keeps the versions of a ConfigMap in hidden
// directories. It stores each path before it reads it.
func read(paths []string, at *atomic.Value) (Snapshot, error) {
	s, remaining := Snapshot{}, int64(MaxBytes)
	for _, path := range paths {
		at.Store(path)
		names, err := listFiles(path)
		if err != nil {
			return s, err
		}
		for _, name := range names {
			at.Store(name)
			content, err := readFile(name, remaining)
			if err != nil {
				return s, err
			}
			s[name] = content
			if remaining -= int64(len(content)); remaining < 0 {
				return s, fmt.Errorf("%s: with it there are more than %d bytes", name, MaxBytes)
			}
		}
	}
	return s, nil
}

// listFiles returns the files of a directory, or the path of a file.
func listFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, checkRegular(path, info)
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
			err = checkRegular(name, info)
		}
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// checkRegular returns an error for pipes, devices and sockets: reading one may block forever.
func checkRegular(path string, info fs.FileInfo) error {
	if mode := info.Mode(); !mode.IsRegular() {
		return fmt.Errorf("%s: not a regular file: %v", path, mode)
	}
	return nil
}

// readFile reads at most one byte more than remaining. It checks the file again, which may have been replaced since listFiles.
func readFile(name string, remaining int64) ([]byte, error) {
	file, err := os.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if err := checkRegular(name, info); err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(file, remaining+1))
}

// digest returns a digest of all paths and contents.
func (s Snapshot) digest() (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(s)) {
		fmt.Fprintf(h, "%q %d\n", name, len(s[name]))
		h.Write(s[name])
	}
	h.Sum(sum[:0])
	return sum
}

// File returns the contents of a file, never nil. It returns an error if the path is a directory.
func (s Snapshot) File(path string) ([]byte, error) {
	content, ok := s[path]
	if !ok {
		return nil, fmt.Errorf("%s: not a file", path)
	}
	return content, nil
}

// Dir returns the files of a directory. It returns an error if the path is a file.
func (s Snapshot) Dir(path string) (fs.FS, error) {
	if _, ok := s[path]; ok {
		return nil, fmt.Errorf("%s: not a directory", path)
	}
	dir := fstest.MapFS{} // the standard library's only in-memory file system
	for name, content := range s {
		if filepath.Dir(name) == filepath.Clean(path) {
			dir[filepath.Base(name)] = &fstest.MapFile{Data: content, Mode: 0o444}
		}
	}
	return dir, nil
}
