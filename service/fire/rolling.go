package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
)

// drainDelay is how long replicas go on serving after they have said that they stop: some checks of the balancer long.
const drainDelay = 2 * time.Second

// settle is how long a new replica is left alone before the next one is stopped (minReadySeconds of Kubernetes).
const settle = 750 * time.Millisecond

// texts are two versions of a language and of a special case. The one code becomes another one, by the special case, in each: so an answer
// that mixes versions shows.
var texts = []struct{ code, reason, text string }{
	{"CBC.0250", "REQUEST_THROTTLED", "Erste Fassung."},
	{"CBC.0156", "WRONG_SITE", "Zweite Fassung."},
}

// codesOf are the codes that the two versions make of it.
var codesOf = []codes.Code{codes.ResourceExhausted, codes.PermissionDenied}

// localized is a version of the files.
func localized(turn int) (map[string]string, error) {
	v := texts[turn%len(texts)]
	return map[string]string{
		"de.tsv":       fmt.Sprintf("key\ttext\nCBC.0250\t%[1]s\nCBC.0156\t%[1]s\n", v.text),
		"overlays.tsv": fmt.Sprintf("code\tshape\tmessage\tas\nCBC.0151\t\tvon der Feuerprobe\t%s\n", v.code),
	}, nil
}

// reloading are the questions of all, and one whose answer is of either version.
func reloading() []*question {
	q := &question{status: 403, body: `{"error_code":"CBC.0151","error_msg":"von der Feuerprobe"}`, locale: "de"}
	for i, v := range texts {
		q.want = append(q.want, answer{codesOf[i], v.reason, q.status, q.locale, v.text})
	}
	all := questions()
	for range len(all) / 3 {
		all = append(all, q)
	}
	return all
}

// rolling restarts replicas in turn until enough calls were made through each way.
func rolling(f *fire, o *outcome) error {
	dir := filepath.Join(f.dir, "locales")
	files, err := localized(0)
	if err != nil {
		return err
	}
	locales, err := newConfigMap(dir, files)
	if err != nil {
		return err
	}
	fl, err := f.startFleet("--drain-delay", drainDelay.String(), "--locales-dir", dir, "--overlays-dir", dir, "--reload-interval", "200ms")
	if err != nil {
		return err
	}
	defer fl.stop()
	if err := fl.open(4, 6*time.Millisecond, reloading); err != nil {
		return err
	}
	stop := locales.keep(time.Second, localized)
	restarts, slowest := 0, time.Duration(0)
	err = fl.during(func() error {
		for fl.fewest() < f.calls || restarts < replicas {
			took, err := fl.replace(restarts % replicas)
			if err != nil {
				return err
			}
			restarts, slowest = restarts+1, max(slowest, took)
		}
		return nil
	})
	if stopErr := stop(); err == nil {
		err = stopErr
	}
	if err != nil {
		return err
	}
	fl.report(o)
	o.none(fl.total().amiss(), "calls without the right answer")
	o.note("%d restarts, the slowest end took %v; %d versions of the language", restarts, slowest.Round(time.Millisecond), locales.turns)
	fl.reloaded(o)
	return nil
}

// report has the table and what was said.
func (fl *fleet) report(o *outcome) {
	o.Tables = append(o.Tables, fl.table())
	for _, w := range fl.ways {
		o.say(w.name, w.tally)
	}
	o.none(fl.total().count(wrong), "wrong answers")
}

// reloaded looks whether the replicas have taken in what they were given. It asks their logs, which know of all their lives: the figures of
// a process end with it.
func (fl *fleet) reloaded(o *outcome) {
	for i, d := range fl.daemons {
		said := d.said()
		taken := strings.Count(said, "msg=reloaded source=catalog")
		o.none(strings.Count(said, "reload failed"), fmt.Sprintf("faulty versions in replica %d, in all its lives", i))
		o.must(taken > 0, fmt.Sprintf("versions that replica %d has taken in, in all its lives", i), "some", fmt.Sprint(taken))
	}
}

// fewest is how many calls were made through the way with the fewest.
func (fl *fleet) fewest() int {
	n := fl.ways[0].tally.sent()
	for _, w := range fl.ways {
		n = min(n, w.tally.sent())
	}
	return n
}

// replace restarts one replica, which must end well, and gives it time to be found.
func (fl *fleet) replace(i int) (time.Duration, error) {
	d := fl.daemons[i]
	took, err := d.terminate()
	if err != nil {
		return took, fmt.Errorf("replica %d ended badly: %w: %s", i, err, strings.TrimSpace(last(d.said(), 300)))
	}
	err = d.start()
	time.Sleep(settle)
	return took, err
}
