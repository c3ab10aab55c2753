package server_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding/gzip"
)

// An asker asks for large answers and does not read them yet.
type asker struct {
	conn  *grpc.ClientConn
	calls []grpc.ClientStream
}

// largeQuestion has an answer of 1 MiB.
var largeQuestion = &annotations.HttpRule{Selector: "echo", Body: strings.Repeat("x", 1<<20)}

// ask asks for them on a connection of its own, one after another: each is answered before the next.
func (r *running) ask(t *testing.T, n int, options ...grpc.CallOption) *asker {
	t.Helper()
	a := &asker{conn: dial(t, r.GRPCAddr(), grpc.WithInitialWindowSize(65535), grpc.WithInitialConnWindowSize(65535))}
	before := r.answers(t)
	for range n {
		call, err := a.conn.NewStream(t.Context(), &grpc.StreamDesc{}, tinyMethod, options...)
		if err == nil {
			err = call.SendMsg(largeQuestion)
		}
		if err == nil {
			err = call.CloseSend()
		}
		if err != nil {
			t.Fatal(err)
		}
		a.calls = append(a.calls, call)
		eventually(t, func() error {
			if now := r.answers(t); now < before+len(a.calls) {
				return fmt.Errorf("%d calls are answered, and %d were before %d more", now, before, len(a.calls))
			}
			return nil
		})
	}
	return a
}

// answers is how many calls over gRPC have been answered, well or not.
func (r *running) answers(t *testing.T) (n int) {
	t.Helper()
	for _, line := range answersLine.FindAllStringSubmatch(r.metrics(t), -1) {
		count, err := strconv.Atoi(line[1])
		if err != nil {
			t.Fatal(err)
		}
		n += count
	}
	return n
}

var answersLine = regexp.MustCompile(`(?m)^tiny_test_call_duration_seconds_count\{.*transport="grpc"\} (\d+)$`)

// read reads all answers and tells how many there are, and how the others ended.
func (a *asker) read() (answered int, errs []error) {
	for _, call := range a.calls {
		if err := call.RecvMsg(new(annotations.HttpRule)); err != nil {
			errs = append(errs, err)
		} else {
			answered++
		}
	}
	return answered, errs
}

// Who asks for much and reads nothing is turned away after a while, and served again when it has read; others are served all the time.
func TestUnreadAnswersAreLimited(t *testing.T) {
	t.Parallel()
	t.Run("as they are", func(t *testing.T) { t.Parallel(); unreadAnswersAreLimited(t) })
	t.Run("for those who pack", func(t *testing.T) { t.Parallel(); unreadAnswersAreLimited(t, grpc.UseCompressor(gzip.Name)) })
}

func unreadAnswersAreLimited(t *testing.T, options ...grpc.CallOption) {
	r := start(t)
	deaf := r.ask(t, 40, options...)
	r.wantMetricLike(t, `tiny_test_calls_shed_total{cause="held"} 2[34]`) // 16 are kept, or 15 with what else a call is, and one is on its way
	if _, err := r.overGRPC(largeQuestion); err != nil {
		t.Errorf("another connection: %v", err)
	}
	answered, errs := deaf.read()
	if answered < 16 || answered > 17 {
		t.Errorf("%d answers of 1 MiB, want 16 MiB and what was on its way", answered)
	}
	for _, err := range errs {
		wantInfo(t, err, "OVERLOADED")
	}
	if err := deaf.conn.Invoke(t.Context(), tinyMethod, largeQuestion, new(annotations.HttpRule)); err != nil {
		t.Errorf("after all was read: %v", err)
	}
}

// Calls that are given up leave nothing behind.
func TestAnswersThatNobodyWantsAnyMoreAreForgotten(t *testing.T) {
	t.Parallel()
	r := start(t)
	for range 4 {
		deaf := r.ask(t, 14)
		time.Sleep(50 * time.Millisecond)
		deaf.conn.Close()
	}
	if _, errs := r.ask(t, 14).read(); len(errs) > 0 {
		t.Error(errs)
	}
}

// If many connections do not read together, the one that has most to read is closed.
func TestUnreadAnswersOfAllAreLimited(t *testing.T) {
	t.Parallel()
	r := start(t)
	if _, err := r.overGRPC(largeQuestion); err != nil {
		t.Fatal(err)
	}
	var deaf []*asker
	for range 6 {
		deaf = append(deaf, r.ask(t, 14))
	}
	r.wantMetric(t, `tiny_test_connections{port="grpc"} 5`) // four that do not read, and one that does
	if _, err := r.overGRPC(largeQuestion); err != nil {
		t.Errorf("who reads: %v", err)
	}
	whole := 0
	for _, a := range deaf {
		if _, errs := a.read(); len(errs) == 0 {
			whole++
		}
	}
	if whole != 4 {
		t.Errorf("%d connections of 14 MiB each got all, want 4, which 64 MiB have room for", whole)
	}
}
