package main

import (
	"cmp"
	"fmt"
	"runtime/debug"

	"github.com/prometheus/client_golang/prometheus"
)

// version and revision are set by the linker (-X main.version=…) when the build has no repository.
var version, revision string

// A build identifies the program and its compiler.
type build struct{ version, revision, goVersion string }

// readBuild returns the build information of the running program.
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
	return fmt.Sprintf("cbcerrd %s, revision %s, %s", b.version, b.revision, b.goVersion)
}

// metric returns the metric build_info.
func (b build) metric() prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "build_info", Help: "Constant 1, labelled with the version of the program.",
		ConstLabels: prometheus.Labels{"version": b.version, "revision": b.revision, "goversion": b.goVersion},
	}, func() float64 { return 1 })
}
