package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
)

// growthPerHour is how much memory may grow in an hour, as a part of what there is: by the straight line through the last two
// thirds of the samples. Less than that is within what a collector of garbage leaves lying about in a quarter of an hour.
const growthPerHour = 0.2

// soak has mixed load on one daemon for long, and looks whether anything grows.
func soak(f *fire, o *outcome) error {
	t, err := f.clear()
	if err != nil {
		return err
	}
	defer t.kill()
	idle, err := t.metrics()
	if err != nil {
		return err
	}
	crews, release, err := t.mixed()
	if err != nil {
		return err
	}
	var memory, goroutines []point
	err = during(func() error {
		start := time.Now()
		for time.Since(start) < f.soak {
			time.Sleep(pick(f.options, time.Second, 10*time.Second))
			m, err := t.metrics()
			if err != nil {
				return err
			}
			memory = append(memory, point{time.Since(start), t.resident()})
			goroutines = append(goroutines, point{time.Since(start), m.sum("go_goroutines")})
		}
		return nil
	}, crews...)
	release()
	if err != nil {
		return err
	}
	rows := table{Head: tallyHead("clients")}
	all := new(tally)
	for i, c := range crews {
		rows.Rows = append(rows.Rows, c.tally.row([]string{"gRPC, unary", "gRPC, streams", "gRPC, batches of 20", "REST", "catalogue, gRPC and REST", "garbage, on new connections"}[i]))
		all.merge(c.tally)
	}
	o.Tables = append(o.Tables, rows, samples(memory, goroutines))
	o.say("calls", all)
	o.none(all.amiss(), "calls without the right answer")
	return t.flat(f, o, idle, memory)
}

// flat judges growth.
func (t *target) flat(f *fire, o *outcome, idle metrics, memory []point) error {
	late := tail(memory)
	part := slope(late) / mean(late)
	measured := fmt.Sprintf("%+.1f %% an hour (%+.1f MiB), at %.1f MiB", 100*part, slope(late), mean(late))
	if f.soak < 5*time.Minute {
		o.note("Memory: %s. That is nothing to judge after %v.", measured, f.soak)
	} else {
		o.must(part <= growthPerHour, "growth of memory, in the last two thirds", fmt.Sprintf("%.0f %% an hour at most", 100*growthPerHour), measured)
	}
	base, now := idle.sum("go_goroutines"), 0.0
	for start := time.Now(); time.Since(start) < patience; time.Sleep(100 * time.Millisecond) {
		m, err := t.metrics()
		if err != nil {
			return err
		}
		if now = m.sum("go_goroutines"); now <= base+idleSlack {
			break
		}
	}
	o.must(now <= base+idleSlack, "goroutines after the last client has gone", fmt.Sprintf("%.0f at most", base+idleSlack), fmt.Sprintf("%.0f", now))
	m, err := t.metrics()
	o.none(int(m.sum("cbcerr_panics_total")), "panics")
	o.none(int(m.sum("cbcerr_calls_in_flight")), "calls in flight after the last client has gone")
	return err
}

// idleSlack is how many goroutines more than at first there may be: whoever asks for metrics has some too.
const idleSlack = 4

// mixed are clients of every kind, some 600 calls a second in all, one in a hundred of them garbage.
func (t *target) mixed() ([]*crew, func(), error) {
	conn, err := dialOne(new(attempts), t.grpc, nil)
	if err != nil {
		return nil, nil, err
	}
	client := httpClient(nil)
	rest := withoutRepeats(client)
	made := func(every time.Duration, callers ...caller) *crew {
		return &crew{callers: callers, every: every, questions: questions, tally: new(tally)}
	}
	unary := overGRPC(conn)
	return []*crew{
		made(20*time.Millisecond, unary, unary, unary, unary),
		made(20*time.Millisecond, overStream(conn), overStream(conn)),
		made(50*time.Millisecond, overBatch(conn, 20)),
		made(20*time.Millisecond, overREST(rest, t.base()), overREST(rest, t.base()), overREST(rest, t.base()), overREST(withoutRepeats(neverKept(nil)), t.base())),
		made(50*time.Millisecond, catalogOverGRPC(errorv1.NewCatalogServiceClient(conn)), catalogOverREST(rest, t.base())),
		made(150*time.Millisecond, noise(t)),
	}, func() { conn.Close(); client.CloseIdleConnections() }, nil
}

// catalogOverGRPC reads the catalogue, whatever is asked.
func catalogOverGRPC(client errorv1.CatalogServiceClient) caller {
	return func(ctx context.Context, _ *question) verdict {
		code, err1 := client.GetErrorCode(ctx, &errorv1.GetErrorCodeRequest{Code: "CBC.0250"})
		list, err2 := client.ListErrorCodes(ctx, &errorv1.ListErrorCodesRequest{PageSize: 50})
		_, err3 := client.ListLocales(ctx, &errorv1.ListLocalesRequest{})
		if err := errors.Join(err1, err2, err3); err != nil {
			return judgeCall(err)
		}
		if code.GetEntry().GetReason() != "REQUEST_THROTTLED" || len(list.GetEntries()) != 50 {
			return verdict{wrong, "the catalogue says something else"}
		}
		return verdict{}
	}
}

func catalogOverREST(client *http.Client, base string) caller {
	return func(ctx context.Context, _ *question) verdict {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/v1/codes/CBC.0250", nil)
		if err != nil {
			return judgeDial(err)
		}
		reply, err := client.Do(request)
		if err != nil {
			return judgeDial(err)
		}
		defer reply.Body.Close()
		text, err := io.ReadAll(reply.Body)
		if err != nil || reply.StatusCode != http.StatusOK || !strings.Contains(string(text), "REQUEST_THROTTLED") {
			return verdict{wrong, fmt.Sprintf("HTTP %d: %.80q", reply.StatusCode, text)}
		}
		return verdict{}
	}
}

// noise sends random bytes to both ports. That the daemon ends the connection is the right answer.
func noise(t *target) caller {
	return func(_ context.Context, _ *question) verdict {
		for _, address := range []string{t.grpc, t.rest} {
			conn, err := net.DialTimeout("tcp", address, answerWithin)
			if err != nil {
				return verdict{failed, err.Error()}
			}
			bytes := make([]byte, 1000)
			_, _ = rand.Read(bytes)
			copy(bytes[len(bytes)-2:], "\n\n") // else it might be the beginning of a long line
			_, _ = conn.Write(bytes)
			_ = conn.SetReadDeadline(time.Now().Add(answerWithin))
			_, err = io.Copy(io.Discard, conn)
			conn.Close()
			if errors.Is(err, os.ErrDeadlineExceeded) {
				return verdict{lost, "garbage keeps its connection"}
			}
		}
		return verdict{}
	}
}

// samples are a dozen of what was looked at.
func samples(memory, goroutines []point) table {
	t := table{Title: "memory and goroutines", Head: []string{"after", "MiB", "goroutines"}}
	for i := 0; i < len(memory); i += max(1, len(memory)/12) {
		t.Rows = append(t.Rows, []string{memory[i].at.Round(time.Second).String(), fmt.Sprintf("%.1f", memory[i].value), fmt.Sprintf("%.0f", goroutines[i].value)})
	}
	return t
}
