// Package reload loads files again when they change. It loads the files of a source together: if a new version is invalid, the
// last good version stays in use, and a log line and a metric report it. Sources are independent: a file that cannot be read
// affects only its own source. The package reads regular files only, and knows no file format.
//
//	w := reload.NewWatcher(log)
//	err := w.Add(ctx, reload.Source{Name: "catalog", Paths: []string{"/etc/cbcerr/locales"}, Load: load}) // returns load's error
//	go w.Run(ctx, 10*time.Second, hangup)
package reload

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// A Source is a set of files that are loaded together.
type Source struct {
	// Name identifies the source in logs and metrics.
	Name string
	// Paths are files and directories.
	Paths []string
	// Load puts a version of the files into use. If it returns an error, the version in use must not have changed. Load must not
	// block. The Load functions of several sources may run at the same time.
	Load func(Snapshot) error
}

// A Watcher watches sources for changes. It implements prometheus.Collector for its metrics.
type Watcher struct {
	log     *slog.Logger
	sources []*watchedSource
	reloads *prometheus.CounterVec
	failing *prometheus.GaugeVec
	read    readFunc
}

type watchedSource struct {
	Source
	reader     reader
	trigger    chan struct{}     // requests a check
	lastDigest [sha256.Size]byte // of the last version checked
	lastError  string            // of the last version checked; empty if it is in use
}

// NewWatcher returns a watcher without sources.
func NewWatcher(log *slog.Logger) *Watcher {
	return &Watcher{
		log: log, read: read,
		reloads: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "reloads_total", Help: "Loads of changed files, by source and result.",
		}, []string{"source", "result"}),
		failing: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "reload_failing", Help: "1 while the files are invalid and their last good version is in use.",
		}, []string{"source"}),
	}
}

// Describe implements prometheus.Collector.
func (w *Watcher) Describe(c chan<- *prometheus.Desc) {
	w.reloads.Describe(c)
	w.failing.Describe(c)
}

// Collect implements prometheus.Collector.
func (w *Watcher) Collect(c chan<- prometheus.Metric) {
	w.reloads.Collect(c)
	w.failing.Collect(c)
}

// Add loads a source for the first time and watches it. Call it before Run. It returns an error if Load does, if the files
// cannot be read within 5 seconds, or if the context ends.
func (w *Watcher) Add(ctx context.Context, source Source) error {
	s := &watchedSource{Source: source, reader: reader{read: w.read, paths: source.Paths}, trigger: make(chan struct{}, 1)}
	v := s.reader.readNow(ctx)
	if v.err == nil {
		v.err = s.Load(v.files)
	}
	if v.err != nil {
		return v.err
	}
	s.lastDigest = v.digest
	w.sources = append(w.sources, s)
	for _, result := range []string{"ok", "failed"} {
		w.reloads.WithLabelValues(s.Name, result) // initialize the series
	}
	w.failing.WithLabelValues(s.Name).Set(0)
	return nil
}

// Run checks each source at the interval, and on each signal, until the context ends. It polls: file systems differ in how they
// notify of changes, and Kubernetes updates a ConfigMap by replacing a link to its directory.
func (w *Watcher) Run(ctx context.Context, interval time.Duration, signals <-chan os.Signal) {
	var sources sync.WaitGroup
	defer sources.Wait()
	for _, s := range w.sources {
		sources.Go(func() { w.watch(ctx, s, interval) })
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-signals:
			w.log.Info("reload requested by signal")
			w.triggerAll()
		}
	}
}

// triggerAll requests a check of every source. A check in progress is followed by another.
func (w *Watcher) triggerAll() {
	for _, s := range w.sources {
		select {
		case s.trigger <- struct{}{}:
		default: // already requested
		}
	}
}

// watch checks one source until the context ends.
func (w *Watcher) watch(ctx context.Context, s *watchedSource, interval time.Duration) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-s.trigger:
		}
		w.check(ctx, s)
	}
}

// check loads the files if they have changed or were invalid: a cause such as a missing directory or a certificate that is not
// valid yet may pass. Files that change during the check wait for the next one.
func (w *Watcher) check(ctx context.Context, s *watchedSource) {
	v := s.reader.readNow(ctx)
	if v.err == nil && s.lastError == "" && v.digest == s.lastDigest {
		return
	}
	if !errors.Is(v.err, errTimeout) && s.reader.readNow(ctx).digest != v.digest {
		return
	}
	if ctx.Err() != nil {
		return
	}
	if v.err == nil {
		v.err = s.Load(v.files)
	}
	s.lastDigest = v.digest
	w.recordResult(s, v.err)
}

// maxErrorText is the maximum size of a logged error in bytes.
const maxErrorText = 1 << 10

// truncateError returns the text of an error, truncated if it is long: it may quote a file.
func truncateError(err error) string {
	text := err.Error()
	if len(text) <= maxErrorText {
		return text
	}
	return fmt.Sprintf("%s… (%d bytes)", strings.ToValidUTF8(text[:maxErrorText], ""), len(text))
}

// recordResult logs and counts a load. It logs and counts a repeated error once.
func (w *Watcher) recordResult(s *watchedSource, err error) {
	if err == nil {
		s.lastError = ""
		w.reloads.WithLabelValues(s.Name, "ok").Inc()
		w.failing.WithLabelValues(s.Name).Set(0)
		w.log.Info("reloaded", "source", s.Name, "files", slices.Clone(s.Paths))
		return
	}
	w.failing.WithLabelValues(s.Name).Set(1)
	if text := truncateError(err); text != s.lastError {
		s.lastError = text
		w.reloads.WithLabelValues(s.Name, "failed").Inc()
		w.log.Error("reload failed, the last good version stays in use", "source", s.Name, "error", text)
	}
}
