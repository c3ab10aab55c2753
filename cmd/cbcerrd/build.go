package main

import (
	"cmp"
	"fmt"
	"runtime/debug"

	"github.com/prometheus/client_golang/prometheus"
)

// What the linker is told (-X main.version=…) where there is no repository that go build could read it from.
var version, revision string

// A build is what the program was made of.
type build struct{ version, revision, golang string }

// readBuild reads what go build has written down.
func readBuild() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return build{"unknown", "unknown", "unknown"}
	}
	b := build{cmp.Or(version, info.Main.Version, "unknown"), revision, info.GoVersion}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			b.revision = cmp.Or(b.revision, s.Value)
		}
	}
	b.revision = cmp.Or(b.revision, "unknown")
	return b
}

// String implements fmt.Stringer.
func (b build) String() string {
	return fmt.Sprintf("cbcerrd %s, revision %s, %s", b.version, b.revision, b.golang)
}

func (b build) metric() prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "build_info", Help: "1, of the program.",
		ConstLabels: prometheus.Labels{"version": b.version, "revision": b.revision, "goversion": b.golang},
	}, func() float64 { return 1 })
}
