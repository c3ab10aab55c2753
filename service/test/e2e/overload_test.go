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
	overloadBatch  = 500 // parts of a call, which make it take a while
	overloadOfEach = 10  // calls that have to be admitted, and refused
)

// TestOverload_RefusedCallsSayWhenToComeBack has more calls in flight than --max-calls: each is answered right, or refused
// with the reason OVERLOADED and a time to come back.
func TestOverload_RefusedCallsSayWhenToComeBack(t *testing.T) {
	batch := new(errorv1.BatchTranslateRequest)
	for i := range overloadBatch {
		batch.Requests = append(batch.Requests, questions[i%len(questions)].request())
	}
	d := startDaemon(t, "--max-calls", strconv.Itoa(overloadLimit))
	t.Run("gRPC", func(t *testing.T) { overload(t, batchOverGRPC(t, d, batch)) })
	t.Run("REST", func(t *testing.T) { overload(t, batchOverREST(t, d, batch)) })
}

// overload calls until there were enough calls of both kinds.
func overload(t *testing.T, call func(context.Context) (refused bool, err error)) {
	var admitted, refused atomic.Int64
	ctx, cancel := context.WithTimeout(t.Context(), hang)
	defer cancel()
	var running sync.WaitGroup
	for range overloadCalls {
		running.Go(func() {
			for admitted.Load() < overloadOfEach || refused.Load() < overloadOfEach {
				turnedAway, err := call(ctx)
				switch {
				case err != nil:
					t.Error(err)
					return
				case turnedAway:
					refused.Add(1)
				default:
					admitted.Add(1)
				}
			}
		})
	}
	running.Wait()
	t.Logf("%d admitted, %d refused", admitted.Load(), refused.Load())
}

func batchOverGRPC(t *testing.T, d *daemon, batch *errorv1.BatchTranslateRequest) func(context.Context) (bool, error) {
	client := errorv1.NewTranslationServiceClient(dial(t, d.grpc, nil))
	return func(ctx context.Context) (bool, error) {
		reply, err := client.BatchTranslate(ctx, batch)
		if err == nil {
			return false, judgeBatch(reply)
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
		var refusal *httpError
		if errors.As(err, &refusal) && refusal.status == http.StatusTooManyRequests && refusal.header.Get("Retry-After") != "" &&
			strings.Contains(refusal.body, "OVERLOADED") && strings.Contains(refusal.body, "RetryInfo") {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		reply := new(errorv1.BatchTranslateResponse)
		if err := protojson.Unmarshal(text, reply); err != nil {
			return false, err
		}
		return false, judgeBatch(reply)
	}
}

func judgeBatch(reply *errorv1.BatchTranslateResponse) (err error) {
	if len(reply.GetResults()) != overloadBatch {
		return errWrong
	}
	for i, r := range reply.GetResults() {
		err = errors.Join(err, questions[i%len(questions)].judge(r.GetTranslation()))
	}
	return err
}
