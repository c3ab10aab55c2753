package main

import (
	"log/slog"
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

const (
	// gcPercent lets the heap grow to five times its live size, a few MiB, which Go would collect many times a second.
	gcPercent = 400
	// memoryRatio leaves a tenth of the container's memory to what Go's limit does not count.
	memoryRatio = 0.9
)

// limitMemory sets the garbage collector by GOGC and GOMEMLIMIT. Without GOMEMLIMIT the cgroup's limit sets it.
func limitMemory(log *slog.Logger) {
	if _, ok := os.LookupEnv("GOGC"); !ok {
		debug.SetGCPercent(gcPercent)
	}
	limit, err := memlimit.Set(memlimit.WithRatio(memoryRatio))
	if err != nil {
		log.Warn("memory limit", "error", err)
		return
	}
	log.Debug("memory limit", "bytes", limit)
}
