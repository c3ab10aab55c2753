package main_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// When the memory runs out, those are let go who take the most of it, whatever the limits say, and everybody else is served.
func memoryRunsOut(t *testing.T, p program) {
	d := p.start(t, []string{"GOMEMLIMIT=48MiB"}, append(freePorts(), "--max-held", fmt.Sprint(1<<30))...)
	for range 30 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(d.rest, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		go func() { // bodies that stop before their end
			fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", "/v1/responses:translate", 4<<20)
			_, _ = io.WriteString(conn, strings.Repeat(" ", 3<<20))
		}()
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		status, text := d.get(t, "/metrics", "")
		if status != http.StatusOK {
			t.Fatalf("/metrics: %d", status)
		}
		if strings.Contains(text, `cbcerr_connections_refused_total{cause="held",port="http"}`) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("no connection is closed")
		}
	}
	if status, answer := d.post(t, translateRaw, "", throttled); status != http.StatusOK {
		t.Errorf("%d %s", status, answer)
	}
}
