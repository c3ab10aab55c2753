package main

import (
	"log/slog"
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

const (
	// gcPercent lets the heap grow to five times its live size of a few MiB. Go's default would collect it many times a second.
	gcPercent = 400
	// memoryRatio leaves a fifth of the container's memory for what GOMEMLIMIT does not count.
	memoryRatio = 0.8
)

// limitMemory sets the defaults of GOGC and GOMEMLIMIT. The memory limit is taken from the cgroup.
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
