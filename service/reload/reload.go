// Package reload reloads what was made of files when they change. It takes the files of a source whole or not at all: while they
// are faulty, their last good version stays in use, and the log and the metrics say so. It reads regular files only. Each source
// reloads by itself, so a file that cannot be read stops no other source. It knows no format.
//
//	w := reload.NewWatch(log)
//	err := w.Add(ctx, reload.Source{Name: "catalog", Paths: []string{"/etc/cbcerr/locales"}, Load: use}) // fails where use does
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

// A Source is files that belong together, and what is made of them.
type Source struct {
	// Name is what logs and metrics call the source.
	Name string
	// Paths are files and folders.
	Paths []string
	// Load makes use of the files, or says why that cannot be; then everything has to be as it was. It must not block. The Loads
	// of several sources run at the same time.
	Load func(Snapshot) error
}

// A Watch looks after sources. It is a collector of its own metrics.
type Watch struct {
	log     *slog.Logger
	sources []*watched
	reloads *prometheus.CounterVec
	failing *prometheus.GaugeVec
	read    readFunc
}

type watched struct {
	Source
	reader reader
	asked  chan struct{}     // has a value when a signal asks for a look
	seen   [sha256.Size]byte // digest of the last version that was looked at
	fault  string            // what is wrong with it; empty if nothing is
}

// NewWatch is a watch without sources.
func NewWatch(log *slog.Logger) *Watch {
	return &Watch{
		log: log, read: read,
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

// Add takes a source in for the first time. Call it before Run. It fails if Load fails, if the files cannot be read within 5
// seconds, or if the context ends: there is no last good version.
func (w *Watch) Add(ctx context.Context, source Source) error {
	s := &watched{Source: source, reader: reader{read: w.read, paths: source.Paths}, asked: make(chan struct{}, 1)}
	v := s.reader.next(ctx)
	if v.err == nil {
		v.err = s.Load(v.files)
	}
	if v.err != nil {
		return v.err
	}
	s.seen = v.digest
	w.sources = append(w.sources, s)
	for _, result := range []string{"ok", "failed"} {
		w.reloads.WithLabelValues(s.Name, result) // 0 is something to say, too
	}
	w.failing.WithLabelValues(s.Name).Set(0)
	return nil
}

// Run looks at the files of each source at every interval, and when a signal comes, until the context ends. Files are looked at
// and not listened for: what tells of changes differs between file systems, and Kubernetes changes a link to their folder.
func (w *Watch) Run(ctx context.Context, interval time.Duration, signals <-chan os.Signal) {
	var sources sync.WaitGroup
	defer sources.Wait()
	for _, s := range w.sources {
		sources.Go(func() { w.keep(ctx, s, interval) })
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-signals:
			w.log.Info("reload", "asked", "by a signal")
			w.ask()
		}
	}
}

// ask has every source looked at now, or right after the look that goes on.
func (w *Watch) ask() {
	for _, s := range w.sources {
		select {
		case s.asked <- struct{}{}:
		default: // asked already
		}
	}
}

// keep looks at one source until the context ends.
func (w *Watch) keep(ctx context.Context, s *watched, interval time.Duration) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-s.asked:
		}
		w.look(ctx, s)
	}
}

// look takes in what changed, and what was faulty again: a fault may be one of the moment, such as a folder that was not there or a
// certificate that is not valid yet. Files that change while they are read are left for the next time.
func (w *Watch) look(ctx context.Context, s *watched) {
	v := s.reader.next(ctx)
	if v.err == nil && s.fault == "" && v.digest == s.seen {
		return
	}
	if !errors.Is(v.err, errTimeout) && s.reader.next(ctx).digest != v.digest {
		return
	}
	if ctx.Err() != nil {
		return
	}
	if v.err == nil {
		v.err = s.Load(v.files)
	}
	s.seen = v.digest
	w.report(s, v.err)
}

// maxFault is the longest error that is logged, in bytes.
const maxFault = 1 << 10

// faultOf is the text of an error, cut if it is long: it may quote what a file holds.
func faultOf(err error) string {
	text := err.Error()
	if len(text) <= maxFault {
		return text
	}
	return fmt.Sprintf("%s… (%d bytes)", strings.ToValidUTF8(text[:maxFault], ""), len(text))
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
	if fault := faultOf(err); fault != s.fault {
		s.fault = fault
		w.reloads.WithLabelValues(s.Name, "failed").Inc()
		w.log.Error("reload failed, the last good version stays in use", "source", s.Name, "error", fault)
	}
}
