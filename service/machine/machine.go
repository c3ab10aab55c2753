// Package machine tells what a program runs on, for reports of measurements. It is Linux that it knows; what it cannot see is
// Unknown.
package machine

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// A Machine is where and when a run was, as far as it can be told.
type Machine struct {
	CPU    string
	Cores  int
	Memory string
	Kernel string
	Go     string
	Date   string
	Commit string // of the sources
}

// This looks around.
func This() Machine {
	return Machine{
		CPU: Field("/proc/cpuinfo", "model name"), Cores: runtime.NumCPU(), Memory: gib(Field("/proc/meminfo", "MemTotal")),
		Kernel: runtime.GOOS + " " + FirstLine("/proc/sys/kernel/osrelease"), Go: runtime.Version() + " " + runtime.GOARCH,
		Date: time.Now().UTC().Format(time.DateOnly), Commit: commit(),
	}
}

// Unknown stands for what cannot be seen.
const Unknown = "unknown"

// Field finds the first line "name: value" of a file.
func Field(file, name string) string {
	content, err := os.ReadFile(file)
	if err != nil {
		return Unknown
	}
	for line := range strings.Lines(string(content)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return Unknown
}

// FirstLine is the first line of a file.
func FirstLine(file string) string {
	content, err := os.ReadFile(file)
	if err != nil {
		return Unknown
	}
	line, _, _ := strings.Cut(string(content), "\n")
	return line
}

// Memory is a line of what the kernel says of a process's memory, such as VmRSS, in MiB.
func Memory(pid int, line string) (float64, error) {
	kib, err := strconv.ParseFloat(strings.TrimSuffix(Field(fmt.Sprintf("/proc/%d/status", pid), line), " kB"), 64)
	return kib / 1024, err
}

// gib turns "2097152 kB" into "2.0 GiB".
func gib(kib string) string {
	n, err := strconv.ParseFloat(strings.TrimSuffix(kib, " kB"), 64)
	if err != nil {
		return Unknown
	}
	return fmt.Sprintf("%.1f GiB", n/(1<<20))
}

// commit is what the build knows of the sources, else what git says; go run leaves it out of the build.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	described, err := exec.Command("git", "describe", "--always", "--dirty", "--exclude=*", "--abbrev=12").Output()
	if err != nil {
		return Unknown
	}
	return strings.TrimSpace(string(described))
}
