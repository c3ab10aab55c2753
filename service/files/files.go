// Package files keeps what was made of files up to date: it looks at them again and again, and has made anew what belongs to
// those that changed. What they hold is taken whole or not at all; the last good version stays in use, and everybody can see
// that it is not the newest. It knows no format.
//
//	w := files.NewWatch(log)
//	err := w.Add(files.Source{Name: "catalog", Paths: []string{"/etc/cbcerr/locales"}, Load: use}) // fails where use does
//	go w.Run(ctx, 10*time.Second, hangup)
package files

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// A Source is files that belong together, and what is made of them.
type Source struct {
	// Name is what logs and metrics call the source.
	Name string
	// Paths are files and folders.
	Paths []string
	// Load makes use of the files, or says why that cannot be; then everything has to be as it was.
	Load func(Snapshot) error
}

// A Watch looks after sources. It is a collector of its own metrics.
type Watch struct {
	log     *slog.Logger
	sources []*watched
	reloads *prometheus.CounterVec
	failing *prometheus.GaugeVec
}

type watched struct {
	Source
	seen  [sha256.Size]byte // of the last version that was looked at
	fault string            // what is wrong with it; empty where nothing is
}

// NewWatch is a watch without sources.
func NewWatch(log *slog.Logger) *Watch {
	return &Watch{
		log: log,
		reloads: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "reloads_total", Help: "Versions of files that were taken in, or refused.",
		}, []string{"source", "result"}),
		failing: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "reload_failing", Help: "1 while files are faulty and their last good version is in use.",
		}, []string{"source"}),
	}
}

// Describe implements prometheus.Collector.
func (w *Watch) Describe(c chan<- *prometheus.Desc) {
	w.reloads.Describe(c)
	w.failing.Describe(c)
}

// Collect implements prometheus.Collector.
func (w *Watch) Collect(c chan<- prometheus.Metric) {
	w.reloads.Collect(c)
	w.failing.Collect(c)
}

// Add takes a source in for the first time. It is for the time before Run, and fails where Load does: there is no last good version.
func (w *Watch) Add(s Source) error {
	snapshot, err := read(s.Paths)
	if err == nil {
		err = s.Load(snapshot)
	}
	if err != nil {
		return err
	}
	w.sources = append(w.sources, &watched{Source: s, seen: snapshot.digest()})
	for _, result := range []string{"ok", "failed"} {
		w.reloads.WithLabelValues(s.Name, result) // 0 is something to say, too
	}
	w.failing.WithLabelValues(s.Name).Set(0)
	return nil
}

// Run looks at the files at every interval, and when a signal comes, until the context ends. Files are looked at and not
// listened for: what tells of changes differs between file systems, and Kubernetes changes a link to their folder.
func (w *Watch) Run(ctx context.Context, interval time.Duration, signals <-chan os.Signal) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-signals:
			w.log.Info("reload", "asked", "by a signal")
		}
		for _, s := range w.sources {
			w.look(s)
		}
	}
}

// look takes in what changed, and what was faulty again: a fault may be one of the moment, such as a folder that was not there or a
// certificate that is not valid yet. Files that change while they are read are left for the next time.
func (w *Watch) look(s *watched) {
	snapshot, err := read(s.Paths)
	digest := snapshot.digest()
	if err == nil && s.fault == "" && digest == s.seen {
		return
	}
	if again, _ := read(s.Paths); again.digest() != digest {
		return
	}
	if err == nil {
		err = s.Load(snapshot)
	}
	s.seen = digest
	w.report(s, err)
}

// report says how it went: each fault once, however often it is met.
func (w *Watch) report(s *watched, err error) {
	if err == nil {
		s.fault = ""
		w.reloads.WithLabelValues(s.Name, "ok").Inc()
		w.failing.WithLabelValues(s.Name).Set(0)
		w.log.Info("reloaded", "source", s.Name, "files", slices.Clone(s.Paths))
		return
	}
	w.failing.WithLabelValues(s.Name).Set(1)
	if err.Error() != s.fault {
		s.fault = err.Error()
		w.reloads.WithLabelValues(s.Name, "failed").Inc()
		w.log.Error("reload failed, the last good version stays in use", "source", s.Name, "error", err)
	}
}
