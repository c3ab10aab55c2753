package server

import (
	"os"
	"runtime/debug"
)

// gcPercent is how much the heap may grow before it is collected again, in percent of what is alive: that is a few MiB, which
// Go by itself would collect many times a second under load. go run ./service/test/bench measures it.
const gcPercent = 400

// SetGC makes the process collect its garbage less often than Go does by itself. Where GOGC is set it says how often; GOMEMLIMIT
// bounds the memory as in every program.
func SetGC() {
	if _, ok := os.LookupEnv("GOGC"); !ok {
		debug.SetGCPercent(gcPercent)
	}
}
