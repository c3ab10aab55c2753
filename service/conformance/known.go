package main

import (
	"fmt"
	"os"
	"strings"
)

// knownFailures holds the cells that are known to fail, with the reasons.
type knownFailures map[cell]string

// readKnownFailures reads a file of known failures. A line holds a language, a row and a reason, separated by blanks. Empty
// lines and lines that begin with # are skipped.
func readKnownFailures(name string) (knownFailures, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	known := knownFailures{}
	for number, line := range strings.Split(string(content), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		words := strings.Fields(line)
		if len(words) < 3 {
			return nil, fmt.Errorf("%s:%d: want a language, a row and a reason, got %q", name, number+1, line)
		}
		known[cell{words[0], words[1]}] = strings.Join(words[2:], " ")
	}
	return known, nil
}
