package main

import (
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func TestFigures(t *testing.T) {
	t.Parallel()
	var d durations
	for i := 100; i > 0; i-- {
		d = append(d, time.Duration(i))
	}
	for share, want := range map[float64]time.Duration{0: 1, 0.5: 50, 0.99: 99, 1: 100} {
		if got := d.percentile(share); got != want {
			t.Errorf("percentile %v is %d, want %d", share, got, want)
		}
	}
	if durations(nil).percentile(0.5) != 0 || median(nil) != 0 || median([]float64{3, 1, 2}) != 2 || median([]float64{4, 1, 2, 3}) != 2.5 {
		t.Error("a median")
	}
	line := []point{{0, 10}, {time.Hour, 12}, {2 * time.Hour, 14}}
	if got := slope(line); got != 2 {
		t.Errorf("slope %v, want 2 an hour", got)
	}
	if slope(line[:1]) != 0 || slope([]point{{1, 1}, {1, 2}}) != 0 || len(tail(line)) != 2 {
		t.Error("too little for a slope")
	}
}

func TestTallies(t *testing.T) {
	t.Parallel()
	a, b := new(tally), new(tally)
	a.add(verdict{}, time.Second)
	b.add(verdict{lost, "read 1.2.3.4:55->1.2.3.4:66: reset"}, 0)
	b.add(verdict{lost, "read 1.2.3.4:77->1.2.3.4:88: reset"}, 0)
	b.add(verdict{shed, "busy"}, time.Second)
	a.merge(b)
	if a.sent() != 4 || a.amiss() != 3 || a.count(lost) != 2 || len(a.took) != 1 || len(a.shed) != 1 {
		t.Errorf("%+v", a)
	}
	if words := a.words(); len(words) != 2 || words[0] != "2 × read 1.2.3.4:*->1.2.3.4:*: reset" {
		t.Errorf("%q", words)
	}
}

// What an error of gRPC itself means for a call: who took it.
func TestEndsOfConnections(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]kind{
		`connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:1: connect: connection refused"`: refused,
		"error reading from server: EOF": lost,
		"closing transport due to: connection error: desc = \"error reading from server: read tcp: connection reset by peer\"": lost,
		"something else": failed,
	} {
		if got := judgeCall(status.Error(codes.Unavailable, message)); got.kind != want {
			t.Errorf("%q: %v, want %v", message, got.kind, want)
		}
	}
	if got := judgeCall(status.Error(codes.DeadlineExceeded, "")); got.kind != lost {
		t.Errorf("no answer in time: %v, want it to be lost", got.kind)
	}
}

func TestMetricsAreRead(t *testing.T) {
	t.Parallel()
	m := readMetrics("# HELP a b\na{x=\"1\",y=\"2\"} 3\na{x=\"2\",y=\"2\"} 4\nab 5\nbroken\n")
	if m.sum("a") != 7 || m.sum("a", `x="2"`) != 4 || m.sum("a", `x="3"`) != 0 || m.sum("ab") != 5 {
		t.Errorf("%v", m)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	o, err := parse([]string{"-quick", "-only", "drain,soak"})
	if err != nil || o.calls != 3000 || o.soak != 15*time.Second || len(o.only) != 2 {
		t.Errorf("%+v, %v", o, err)
	}
	if _, err := parse([]string{"-only", "drain,peace"}); err == nil {
		t.Error("no fault is found in a name that there is not")
	}
}
