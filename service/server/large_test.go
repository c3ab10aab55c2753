package server_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
)

// crowd is a rule with so many empty ones in it, two bytes each.
func crowd(rules int) proto.Message {
	m := new(emptypb.Empty)
	m.ProtoReflect().SetUnknown(bytes.Repeat([]byte{0x5a, 0x00}, rules)) // additional_bindings
	return m
}

// Two bytes may become a message of a hundred: how many there are is known before there is any of them.
func TestRequestsOfTooManyValues(t *testing.T) {
	t.Parallel()
	r := start(t)
	const most = 1 << 18
	for name, options := range map[string][]grpc.CallOption{"gRPC": nil, "gRPC, packed": {grpc.UseCompressor(gzip.Name)}} {
		if err := r.conn.Invoke(t.Context(), tinyMethod, crowd(most), new(emptypb.Empty), options...); status.Code(err) != codes.InvalidArgument || strings.Contains(err.Error(), "values") {
			t.Errorf("%s, as many as may be: %v, want them read", name, err)
		}
		s := wantInfo(t, r.conn.Invoke(t.Context(), tinyMethod, crowd(most+1), new(emptypb.Empty), options...), "INVALID_REQUEST")
		if !strings.Contains(s.Message(), "more than 262144 values") {
			t.Errorf("%s: %v, want the limit", name, s)
		}
	}
	for text, refused := range map[string]bool{
		`{"additionalBindings":[{}` + strings.Repeat(",{}", most/2+10) + `]}`: true,
		`{"selector":"echo","body":"` + strings.Repeat(",{[", most) + `"}`:    false,
		`{"selector":"echo","body":"` + strings.Repeat(`\",`, most+10) + `"}`: false,
	} {
		a, err := r.send(http.MethodPost, tinyPath, text)
		if got := strings.Contains(string(a.body), "more than 262144 values"); err != nil || got != refused {
			t.Errorf("REST, %.40s: %d, %v, %.200s", text, a.http, err, a.body)
		}
	}
}

// Memory is bounded by the places of large requests, whatever they become and however many there are.
func TestLargeRequestsTakeTurns(t *testing.T) {
	r := start(t) // alone: it looks at the memory of the whole process
	s := r.sender(t)
	packed := frame(1, pack(t, bytes.Repeat([]byte{0x5a, 0x00}, 1<<18)))
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	most := uint64(0)
	done := make(chan error, 24)
	for range cap(done) {
		go func() { _, err := s.send(bytes.NewReader(packed)); done <- err }()
	}
	for left := cap(done); left > 0; {
		select {
		case err := <-done:
			if left--; err != nil {
				t.Error(err)
			}
		case <-time.After(time.Millisecond):
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapAlloc-min(before.HeapAlloc, now.HeapAlloc))
		}
	}
	if most > 400<<20 {
		t.Errorf("%d MiB, want what a few of 24 requests take", most>>20)
	}
}

// Who waits for a place and goes away takes none, and neither does who sends slowly, or reads slowly.
func TestPlacesOfLargeRequestsAreGivenBack(t *testing.T) {
	t.Parallel()
	r := start(t)
	large := `{"selector":"wait","body":"` + strings.Repeat("x", 100<<10) + `"}`
	ctx, cancel := context.WithCancel(t.Context())
	for range 8 { // more than there are places
		slow, sent := io.Pipe()
		t.Cleanup(func() { sent.Close() })
		go func() {
			if request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+r.HTTPAddr()+tinyPath, slow); err == nil {
				if response, err := http.DefaultClient.Do(request); err == nil {
					response.Body.Close()
				}
			}
		}()
		if _, err := io.WriteString(sent, large[:90<<10]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.overREST(&annotations.HttpRule{Selector: "echo", Body: strings.Repeat("x", 100<<10)}); err != nil {
		t.Errorf("beside slow ones: %v", err)
	}
	for range 8 {
		go func() {
			_ = r.conn.Invoke(ctx, tinyMethod, &annotations.HttpRule{Selector: "wait", Body: strings.Repeat("x", 100<<10)}, new(annotations.HttpRule))
		}()
	}
	<-r.entered
	cancel()
	eventually(t, func() error {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		return r.conn.Invoke(ctx, tinyMethod, largeQuestion, new(annotations.HttpRule))
	})
	r.wantMetric(t, "tiny_test_calls_in_flight 0")
}

// Who would wait for a place behind as many as may be worked on at once is turned away like others.
func TestLargeRequestsAreTurnedAway(t *testing.T) {
	t.Parallel()
	for _, over := range []string{"gRPC", "REST"} {
		t.Run(over, func(t *testing.T) {
			t.Parallel()
			r := start(t, func(c *server.Config) { c.MaxCalls = 1 })
			do := map[string]func(*annotations.HttpRule) (*annotations.HttpRule, error){"gRPC": r.overGRPC, "REST": r.overREST}[over]
			large := &annotations.HttpRule{Selector: "wait", Body: strings.Repeat("x", 100<<10)}
			ends := make(chan error, 7)
			ask := func() { _, err := do(large); ends <- err }
			go ask()
			<-r.entered
			for range cap(ends) - 1 {
				go ask()
			}
			for range cap(ends) - 2 { // one may wait
				wantInfo(t, <-ends, "OVERLOADED")
			}
			r.letGo()
			if err := errors.Join(<-ends, <-ends); err != nil && !strings.Contains(err.Error(), "calls at once") {
				t.Error(err)
			}
		})
	}
}
