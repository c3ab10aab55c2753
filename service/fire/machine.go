package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// A machine is where and when a run was, as far as it can be told.
type machine struct {
	CPU    string
	Cores  int
	Memory string
	Kernel string
	Go     string
	Date   string
}

// thisMachine looks around. What it cannot see is "unknown".
func thisMachine() machine {
	return machine{
		CPU: field("/proc/cpuinfo", "model name"), Cores: runtime.NumCPU(), Memory: gib(field("/proc/meminfo", "MemTotal")),
		Kernel: runtime.GOOS + " " + firstLine("/proc/sys/kernel/osrelease"), Go: runtime.Version() + " " + runtime.GOARCH,
		Date: time.Now().UTC().Format(time.DateOnly),
	}
}

const unknown = "unknown"

// field finds the first line "name: value" of a file.
func field(file, name string) string {
	content, err := os.ReadFile(file)
	if err != nil {
		return unknown
	}
	for line := range strings.Lines(string(content)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return unknown
}

func firstLine(file string) string {
	content, err := os.ReadFile(file)
	if err != nil {
		return unknown
	}
	line, _, _ := strings.Cut(string(content), "\n")
	return line
}

// gib turns "2097152 kB" into "2.0 GiB".
func gib(kib string) string {
	n, err := strconv.ParseFloat(strings.TrimSuffix(kib, " kB"), 64)
	if err != nil {
		return unknown
	}
	return fmt.Sprintf("%.1f GiB", n/(1<<20))
}

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
