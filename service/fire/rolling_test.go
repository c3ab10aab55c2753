package main

import (
	"os"
	"path/filepath"
	"testing"
)

// A fault in an earlier life of a replica is found, and so is a replica that takes in nothing.
func TestReloadsOfAllLives(t *testing.T) {
	t.Parallel()
	const well, faulty = "level=INFO msg=reloaded source=catalog files=[x]\n", "level=ERROR msg=\"reload failed, the last good version stays in use\" source=catalog\n"
	for log, missed := range map[string]int{well: 0, well + well: 0, faulty + well: 1, well + faulty: 1, "": 1, "level=INFO msg=reloaded source=tokens\n": 1, faulty: 2} {
		file := filepath.Join(t.TempDir(), "log")
		if err := os.WriteFile(file, []byte(log), 0o600); err != nil {
			t.Fatal(err)
		}
		o := new(outcome)
		(&fleet{daemons: []*daemon{{process: &process{log: file}}}}).reloaded(o)
		got := 0
		for _, g := range o.Goals {
			if !g.Met {
				got++
			}
		}
		if got != missed {
			t.Errorf("%q: %d goals missed, want %d", log, got, missed)
		}
	}
}
