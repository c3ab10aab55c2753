//go:build e2e

package e2e

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/test/testserver"
)

var sidecarCalls = flag.Int("sidecar-calls", 100_000, "`number` of calls through the sidecar")

const (
	sidecarClients = 16
	sidecarDrains  = 10
)

// TestSidecar_LosesNoSuccess calls through a sidecar that is restarted under load. Each request that reaches upstream does so
// once, and its success arrives unchanged. A call may fail only for lack of a connection, before upstream has it.
func TestSidecar_LosesNoSuccess(t *testing.T) {
	u := &orderUpstream{handled: make([]atomic.Int32, *sidecarCalls)}
	upstream := httptest.NewServer(u)
	defer upstream.Close()
	s := &daemon{rest: testserver.Address(t), admin: testserver.Address(t), log: filepath.Join(t.TempDir(), "log")}
	s.args = []string{"proxy", "--upstream", upstream.URL, "--addr", s.rest, "--admin-addr", s.admin, "--raise"}
	s.start(t)

	var next, answered, refused atomic.Int64
	var clients sync.WaitGroup
	for range sidecarClients {
		clients.Go(func() {
			client := &http.Client{Transport: &http.Transport{DisableCompression: true}, Timeout: hangTimeout}
			for id := int(next.Add(1)) - 1; id < *sidecarCalls; id = int(next.Add(1)) - 1 {
				for !t.Failed() {
					err := order(client, s.rest, id)
					if err == nil {
						answered.Add(1)
						break
					}
					if !errors.Is(err, syscall.ECONNREFUSED) && !errors.Is(err, syscall.ECONNRESET) || u.handled[id].Load() > 0 {
						t.Errorf("call %d, which reached upstream %d times: %v", id, u.handled[id].Load(), err)
					}
					refused.Add(1)
					time.Sleep(time.Millisecond)
				}
			}
		})
	}
	for drain := range sidecarDrains {
		await(t, "calls", func() bool { return t.Failed() || next.Load() >= int64((drain+1)**sidecarCalls/(sidecarDrains+1)) })
		s.stop(t)
		s.start(t)
	}
	clients.Wait()
	for id := range u.handled {
		if n := u.handled[id].Load(); n != 1 && !t.Failed() {
			t.Errorf("call %d reached upstream %d times", id, n)
		}
	}
	t.Logf("%d calls answered, %d connections refused or reset in %d drains", answered.Load(), refused.Load(), sidecarDrains)
}

// An orderUpstream answers the call of each ID with its own response, and counts the calls.
type orderUpstream struct{ handled []atomic.Int32 }

// ServeHTTP implements http.Handler.
func (u *orderUpstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	id, invalid := strconv.Atoi(string(text))
	if err != nil || invalid != nil {
		http.Error(w, "no ID", http.StatusTeapot)
		return
	}
	u.handled[id].Add(1)
	response := responseOf(id)
	w.Header().Set("Content-Type", response.contentType)
	if response.coding != "" {
		w.Header().Set("Content-Encoding", response.coding)
	}
	half := len(response.body) / 2
	_, _ = w.Write(response.body[:half])
	if id%2 == 0 {
		_ = http.NewResponseController(w).Flush() // in chunks
	}
	_, _ = w.Write(response.body[half:])
}

// An orderResponse is a response of upstream.
type orderResponse struct {
	contentType, coding string
	body                []byte
	failed              bool
}

// responseOf returns the response to a call: small and large, compressed, a file, and one error in ten.
func responseOf(id int) orderResponse {
	text := fmt.Appendf(nil, `{"order_ids":["CS%d"],"total_count":%d}`, id, id)
	switch id % 10 {
	case 0:
		return orderResponse{"application/json", "", []byte(`{"error_code":"CBC.3144","error_msg":"busy"}`), true}
	case 1, 2:
		return orderResponse{"application/json", "", fmt.Appendf(nil, `{"order_ids":["CS%d"],"text":%q}`, id, strings.Repeat("long", 1000*(id%64))), false}
	case 3, 4:
		var compressed bytes.Buffer
		z := gzip.NewWriter(&compressed)
		_, _ = z.Write(text)
		_ = z.Close()
		return orderResponse{"application/json", "gzip", compressed.Bytes(), false}
	case 5:
		return orderResponse{"text/csv", "", fmt.Appendf(nil, "order,CS%d\n", id), false}
	}
	return orderResponse{"application/json;charset=UTF-8", "", text, false}
}

// order makes a call, which may not be repeated, and requires the response of its ID.
func order(client *http.Client, address string, id int) error {
	reply, err := client.Post("http://"+address+"/v2/orders", "application/json", strings.NewReader(strconv.Itoa(id)))
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		return err
	}
	want := responseOf(id)
	switch {
	case want.failed && (reply.StatusCode != http.StatusConflict || reply.Header.Get("cbcerr-code") != "CBC.3144"):
		return fmt.Errorf("HTTP %d %.200q, want a raised error", reply.StatusCode, body)
	case !want.failed && (reply.StatusCode != http.StatusOK || !bytes.Equal(body, want.body) || reply.Header.Get("Content-Type") != want.contentType ||
		reply.Header.Get("Content-Encoding") != want.coding || reply.Header.Get("cbcerr-reason") != ""):
		return fmt.Errorf("HTTP %d %v %.200q, want %.200q", reply.StatusCode, reply.Header, body, want.body)
	}
	return nil
}
