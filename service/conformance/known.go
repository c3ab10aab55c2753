package main

import (
	"fmt"
	"os"
	"strings"
)

// knownFailures are the reasons of the cells that are known to fail.
type knownFailures map[cell]string

// readKnownFailures reads lines of a language, a row and a reason, apart by blanks; empty lines and those that begin with
// # are passed over.
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
			return nil, fmt.Errorf("%s:%d: not a language, a row and a reason: %q", name, number+1, line)
		}
		known[cell{words[0], words[1]}] = strings.Join(words[2:], " ")
	}
	return known, nil
}
