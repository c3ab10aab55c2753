package main

import (
	"os/exec"
	"strings"
)

// A version is that of a program which took part.
type version struct{ Program, Version string }

// versions asks the programs for theirs.
func (f *fire) versions() []version {
	return []version{
		{"cbcerrd", says(f.binary, "version")},
		{"nginx", says("nginx", "-v")},
		{"HAProxy", says("haproxy", "-v")},
	}
}

// says is the first line that a program answers.
func says(program string, args ...string) string {
	text, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		return "not there"
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	return line
}
