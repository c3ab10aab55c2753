package main

import (
	"fmt"
	"net/http"
	"time"
)

// replicas is how many there are.
const replicas = 3

// A fleet is replicas and what stands before them.
type fleet struct {
	daemons []*daemon
	nginx   *balancer
	haproxy *balancer
	ways    []*way
}

// A way is one through which clients reach the replicas.
type way struct {
	crew
	name     string
	attempts *attempts // nil where nobody can know
	close    func()
}

// startFleet starts replicas and both balancers.
func (f *fire) startFleet(args ...string) (fl *fleet, err error) {
	fl = new(fleet)
	defer func() {
		if err != nil {
			fl.stop()
		}
	}()
	for i := range replicas {
		d, err := f.started(fmt.Sprint("replica", i), args...)
		if err != nil {
			return fl, err
		}
		fl.daemons = append(fl.daemons, d)
	}
	if fl.nginx, err = f.startNginx(fl.daemons); err != nil {
		return fl, err
	}
	if fl.haproxy, err = f.startHAProxy(fl.daemons); err != nil {
		return fl, err
	}
	time.Sleep(time.Second) // until the checks have found all replicas
	return fl, nil
}

func (fl *fleet) stop() {
	for _, w := range fl.ways {
		w.close()
	}
	for _, b := range []*balancer{fl.nginx, fl.haproxy} {
		if b != nil {
			b.kill()
		}
	}
	for _, d := range fl.daemons {
		d.kill()
	}
}

// open opens every way for a number of callers each.
func (fl *fleet) open(callers int, every time.Duration, questions func() []*question) error {
	var direct []string
	for _, d := range fl.daemons {
		direct = append(direct, d.grpc)
	}
	config, err := serviceConfig()
	if err != nil {
		return err
	}
	all := new(attempts)
	conn, err := dialAll(all, config, direct...)
	if err != nil {
		return err
	}
	fl.add(&way{name: "gRPC, round_robin as documented", attempts: all, close: func() { conn.Close() }}, overGRPC(conn), callers)
	for _, b := range []struct {
		name string
		*balancer
	}{{"nginx", fl.nginx}, {"HAProxy", fl.haproxy}} {
		through := new(attempts)
		conn, err := dialOne(through, b.GRPC, nil)
		if err != nil {
			return err
		}
		fl.add(&way{name: "gRPC through " + b.name, attempts: through, close: func() { conn.Close() }}, overGRPC(conn), callers)
		client := httpClient(nil)
		fl.add(&way{name: "REST through " + b.name, close: client.CloseIdleConnections}, overREST(withoutRepeats(client), "http://"+b.REST), callers)
	}
	for _, w := range fl.ways {
		w.every, w.questions, w.tally = every, questions, new(tally)
	}
	return nil
}

func (fl *fleet) add(w *way, call caller, callers int) {
	for range callers {
		w.callers = append(w.callers, call)
	}
	fl.ways = append(fl.ways, w)
}

// withoutRepeats takes from net/http what it needs to repeat a request by itself.
func withoutRepeats(client *http.Client) *http.Client {
	return &http.Client{Transport: once{client.Transport}}
}

type once struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (o once) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.GetBody = nil
	return o.RoundTripper.RoundTrip(r)
}

// during has clients call through all ways as long as something happens.
func (fl *fleet) during(happens func() error) error {
	var crews []*crew
	for _, w := range fl.ways {
		crews = append(crews, &w.crew)
	}
	return during(happens, crews...)
}

// table is what became of the calls, by way.
func (fl *fleet) table() table {
	t := table{Head: append(tallyHead("way"), "tried again")}
	for _, w := range fl.ways {
		again := "unknown"
		if w.attempts != nil {
			again = fmt.Sprint(w.attempts.begun.Load() - int64(w.tally.sent()))
		}
		t.Rows = append(t.Rows, append(w.tally.row(w.name), again))
	}
	return t
}

// total is the tally of all ways.
func (fl *fleet) total() *tally {
	all := new(tally)
	for _, w := range fl.ways {
		all.merge(w.tally)
	}
	return all
}

// say notes what was said of calls that went amiss.
func (o *outcome) say(name string, t *tally) {
	for _, line := range t.words() {
		o.note("%s: %s", name, line)
	}
}
