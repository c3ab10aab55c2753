package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// A configMap is a folder whose files change all at once, as Kubernetes does it: files are links through ..data, a link to
// the folder of the current version, which is replaced by a rename.
type configMap struct {
	dir   string
	turns int
}

// newConfigMap makes one with its first version.
func newConfigMap(dir string, files map[string]string) (*configMap, error) {
	c := &configMap{dir: dir}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	for name := range files {
		if err := os.Symlink(filepath.Join("..data", name), filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	return c, c.put(files)
}

// put makes files the current version, and removes the one before.
func (c *configMap) put(files map[string]string) error {
	c.turns++
	version := fmt.Sprintf("..version-%d", c.turns)
	if err := os.Mkdir(filepath.Join(c.dir, version), 0o755); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(c.dir, version, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	link := filepath.Join(c.dir, "..data_tmp")
	if err := os.Symlink(version, link); err != nil {
		return err
	}
	if err := os.Rename(link, filepath.Join(c.dir, "..data")); err != nil {
		return err
	}
	return os.RemoveAll(filepath.Join(c.dir, fmt.Sprintf("..version-%d", c.turns-1)))
}

// keep puts one version after the other, again and again, until stop; stop says what went wrong.
func (c *configMap) keep(every time.Duration, versions func(turn int) (map[string]string, error)) (stop func() error) {
	ended, failed := make(chan struct{}), make(chan error, 1)
	go func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-ended:
				failed <- nil
				return
			case <-tick.C:
			}
			files, err := versions(c.turns)
			if err == nil {
				err = c.put(files)
			}
			if err != nil {
				failed <- err
				return
			}
		}
	}()
	return func() error {
		close(ended)
		return <-failed
	}
}
