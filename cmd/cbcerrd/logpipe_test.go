package main_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
)

// When the reader of standard error closes the pipe, the daemon loses log lines but no calls, and still drains.
func logPipeCloses(t *testing.T, p program) {
	const callers, callsEach = 4, 200
	d := p.start(t, nil, append(freePorts(), "--log-rate", "1000000")...)
	catalog := errorv1.NewCatalogServiceClient(d.dial(t))
	var calls, failed atomic.Int64
	var all sync.WaitGroup
	for name, call := range map[string]func() error{
		"GET /nope": func() error { return d.wantStatus(http.MethodGet, "/nope", "", http.StatusNotFound) },
		"REST":      func() error { return d.wantStatus(http.MethodPost, translateRaw, throttled, http.StatusOK) },
		"gRPC": func() error {
			_, err := catalog.GetErrorCode(t.Context(), &errorv1.GetErrorCodeRequest{Code: "CBC.0250"})
			return err
		},
	} {
		for range callers {
			all.Go(func() {
				for range callsEach {
					if err := call(); err != nil && failed.Add(1) == 1 {
						t.Errorf("%s: %v", name, err)
					}
					if calls.Add(1) == 3*callers*callsEach/4 {
						d.pipe.Close()
					}
				}
			})
		}
	}
	all.Wait()
	if n := failed.Load(); n > 0 {
		t.Errorf("%d of %d calls failed, want none", n, calls.Load())
	}
	d.wantDrained(t)
}

// wantStatus sends a request over REST. It returns an error unless the response has the wanted status.
func (d *daemon) wantStatus(method, path, body string, want int) error {
	request, err := http.NewRequest(method, d.rest+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != want {
		return fmt.Errorf("HTTP %d, want %d", response.StatusCode, want)
	}
	return nil
}

// wantDrained sends SIGTERM and requires exit status 0, without reading the log.
func (d *daemon) wantDrained(t *testing.T) {
	t.Helper()
	if err := d.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(testTimeout, func() { _ = d.command.Process.Kill() }).Stop()
	if err := d.command.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v, want success", err)
	}
}
