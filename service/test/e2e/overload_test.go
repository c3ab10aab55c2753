//go:build e2e

package e2e

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
)

const (
	overloadLimit  = 1   // --max-calls
	overloadCalls  = 32  // in flight
	overloadBatch  = 500 // parts of a call, so that it takes a while
	overloadOfEach = 10  // minimum of admitted, and of rejected calls
)

// TestOverload_RejectedCallsHaveRetryInfo makes more concurrent calls than --max-calls. Each succeeds, or is rejected with the
// reason OVERLOADED and a retry delay.
func TestOverload_RejectedCallsHaveRetryInfo(t *testing.T) {
	batch := new(errorv1.BatchTranslateRequest)
	for i := range overloadBatch {
		batch.Requests = append(batch.Requests, samples[i%len(samples)].request())
	}
	d := startDaemon(t, "--max-calls", strconv.Itoa(overloadLimit))
	t.Run("gRPC", func(t *testing.T) { overload(t, batchOverGRPC(t, d, batch)) })
	t.Run("REST", func(t *testing.T) { overload(t, batchOverREST(t, d, batch)) })
}

// overload makes calls until enough are admitted and rejected.
func overload(t *testing.T, call func(context.Context) (rejected bool, err error)) {
	var admitted, rejected atomic.Int64
	ctx, cancel := context.WithTimeout(t.Context(), hangTimeout)
	defer cancel()
	var running sync.WaitGroup
	for range overloadCalls {
		running.Go(func() {
			for admitted.Load() < overloadOfEach || rejected.Load() < overloadOfEach {
				isRejected, err := call(ctx)
				switch {
				case err != nil:
					t.Error(err)
					return
				case isRejected:
					rejected.Add(1)
				default:
					admitted.Add(1)
				}
			}
		})
	}
	running.Wait()
	t.Logf("%d admitted, %d rejected", admitted.Load(), rejected.Load())
}

func batchOverGRPC(t *testing.T, d *daemon, batch *errorv1.BatchTranslateRequest) func(context.Context) (bool, error) {
	client := errorv1.NewTranslationServiceClient(dial(t, d.grpc, nil))
	return func(ctx context.Context) (bool, error) {
		reply, err := client.BatchTranslate(ctx, batch)
		if err == nil {
			return false, checkBatch(reply)
		}
		var reason string
		var wait time.Duration
		for _, detail := range status.Convert(err).Details() {
			switch detail := detail.(type) {
			case *errdetails.ErrorInfo:
				reason = detail.GetReason()
			case *errdetails.RetryInfo:
				wait = detail.GetRetryDelay().AsDuration()
			}
		}
		if reason != "OVERLOADED" || wait <= 0 {
			return false, err
		}
		return true, nil
	}
}

func batchOverREST(t *testing.T, d *daemon, batch *errorv1.BatchTranslateRequest) func(context.Context) (bool, error) {
	body, err := protojson.Marshal(batch)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: overloadCalls}}
	return func(ctx context.Context) (bool, error) {
		text, err := post(ctx, client, "http://"+d.rest+"/v1/responses:batchTranslate", "", body)
		var rejection *httpError
		if errors.As(err, &rejection) && rejection.status == http.StatusTooManyRequests && rejection.header.Get("Retry-After") != "" &&
			strings.Contains(rejection.body, "OVERLOADED") && strings.Contains(rejection.body, "RetryInfo") {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		reply := new(errorv1.BatchTranslateResponse)
		if err := protojson.Unmarshal(text, reply); err != nil {
			return false, err
		}
		return false, checkBatch(reply)
	}
}

func checkBatch(reply *errorv1.BatchTranslateResponse) (err error) {
	if len(reply.GetResults()) != overloadBatch {
		return errWrongReply
	}
	for i, r := range reply.GetResults() {
		err = errors.Join(err, samples[i%len(samples)].check(r.GetTranslation()))
	}
	return err
}
