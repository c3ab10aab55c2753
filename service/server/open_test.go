package server_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/server"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
)

// holds limits what is held to so many MiB, of which a connection may have a quarter.
func holds(mebibytes int) func(*server.Config) {
	return func(c *server.Config) { c.MaxHeld = mebibytes << 20 }
}

// open opens calls whose messages never come.
func open(t *testing.T, conn *grpc.ClientConn, n int, headers ...string) (cancel func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(metadata.AppendToOutgoingContext(t.Context(), headers...))
	for range n {
		if _, err := conn.NewStream(ctx, &grpc.StreamDesc{}, tinyMethod); err != nil {
			t.Fatal(err)
		}
	}
	return cancel
}

// Calls whose messages never come are not nothing, and their headers neither: a connection has so many of them and no more, until it has
// given them up.
func TestOpenCallsOfAConnectionAreLimited(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		headers        []string
		opened, turned int
	}{
		{"by their number", nil, 70, 6},                                           // 64 of 16 KiB are 1 MiB
		{"by their headers", []string{"fat", strings.Repeat("x", 47<<10)}, 20, 3}, // 17 of 63 KiB are more than 1 MiB
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := start(t, holds(4), func(c *server.Config) { c.MaxHeader = 256 << 10 }) // 64 KiB of gRPC
			conn := dial(t, r.GRPCAddr())
			cancel := open(t, conn, c.opened, c.headers...)
			r.wantMetric(t, fmt.Sprintf(`tiny_test_calls_shed_total{cause="held"} %d`, c.turned))
			if _, err := r.overGRPC(&annotations.HttpRule{Selector: "echo"}); err != nil {
				t.Errorf("another connection: %v", err)
			}
			wantInfo(t, conn.Invoke(t.Context(), tinyMethod, largeQuestion, new(annotations.HttpRule)), "OVERLOADED")
			cancel()
			eventually(t, func() error {
				return conn.Invoke(t.Context(), tinyMethod, &annotations.HttpRule{Selector: "echo"}, new(annotations.HttpRule))
			})
		})
	}
}

// If all connections together have too many, the one with the most is closed.
func TestOpenCallsOfAllAreLimited(t *testing.T) {
	t.Parallel()
	r := start(t, holds(4))
	if _, err := r.overGRPC(&annotations.HttpRule{Selector: "echo"}); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{50, 60, 50, 50, 50} { // 260 of 16 KiB are more than 4 MiB
		open(t, dial(t, r.GRPCAddr()), n)
	}
	r.wantMetric(t, `tiny_test_connections{port="grpc"} 5`)
	if lines := r.log.lines(t, "connection closed"); len(lines) != 1 || lines[0]["peer"] == "" || lines[0]["held"].(float64) < 40*16<<10 {
		t.Errorf("%v, want one line with who it was and how much it had", lines)
	}
	if _, err := r.overGRPC(&annotations.HttpRule{Selector: "echo"}); err != nil {
		t.Errorf("who has few: %v", err)
	}
}

// Bodies that come slowly are held, too.
func TestUnfinishedBodiesOfAllAreLimited(t *testing.T) {
	t.Parallel()
	r := start(t, holds(1))
	for range 5 {
		conn, err := net.Dial("tcp", r.HTTPAddr())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", tinyPath, 1<<20)
		_, _ = io.WriteString(conn, strings.Repeat(" ", 250<<10))
	}
	r.wantMetric(t, `tiny_test_connections{port="http"} 5`) // four of them, and the one that asks
	r.wantMetric(t, `tiny_test_connections_refused_total{cause="held",port="http"} 1`)
}

// Requests that cannot be unpacked give back the place in which they were to be.
func TestPackedRequestsThatFail(t *testing.T) {
	t.Parallel()
	r := start(t, func(c *server.Config) { c.MaxMessage = 1 << 10 })
	packed := grpc.UseCompressor(gzip.Name)
	for range 4 * runtime.GOMAXPROCS(0) {
		if err := r.conn.Invoke(t.Context(), tinyMethod, largeQuestion, new(annotations.HttpRule), packed); err == nil {
			t.Fatal("1 MiB is served where 1 KiB is the most")
		}
	}
	if err := r.conn.Invoke(t.Context(), tinyMethod, &annotations.HttpRule{Selector: "echo"}, new(annotations.HttpRule), packed); err != nil {
		t.Error(err)
	}
}

// What was never sent, because nobody wants it any more, is not held for ever.
func TestAnswersOfCallsThatWereGivenUpAreForgotten(t *testing.T) {
	t.Parallel()
	r := start(t)
	conn := dial(t, r.GRPCAddr())
	for range 100 {
		ctx, cancel := context.WithCancel(t.Context())
		call, err := conn.NewStream(ctx, &grpc.StreamDesc{}, tinyMethod)
		if err != nil {
			t.Fatal(err)
		}
		if err := call.SendMsg(largeQuestion); err != nil {
			t.Fatal(err)
		}
		cancel()
	}
	eventually(t, func() error {
		runtime.GC()
		return conn.Invoke(t.Context(), tinyMethod, largeQuestion, new(annotations.HttpRule))
	})
}

// eventually waits until something goes well.
func eventually(t *testing.T, do func() error) {
	t.Helper()
	err := do()
	for deadline := time.Now().Add(patience); err != nil; err = do() {
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
