//go:build e2e

package e2e

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// bombs are compressed messages that become as large as a message may be.
func bombs(ctx context.Context, t *testing.T, d *daemon, l limits) {
	repeatedly(ctx, t, overHTTP2(d, callMethod, framed(compressedZeros(t, l.message), true)))
}

// largeBombs are as large as a message may be before they are decompressed: gzip allows pieces one after another.
func largeBombs(ctx context.Context, t *testing.T, d *daemon, l limits) {
	piece := compressedZeros(t, l.message)
	repeatedly(ctx, t, overHTTP2(d, callMethod, framed(bytes.Repeat(piece, (l.message-1)/len(piece)), true)))
}

func compressedZeros(t *testing.T, n int) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(make([]byte, n)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// manyValues are batches as large as a message may be, of empty requests: two bytes each.
func manyValues(ctx context.Context, t *testing.T, d *daemon, l limits) {
	repeatedly(ctx, t, overHTTP2(d, batchMethod, framed(bytes.Repeat([]byte{0x0a, 0}, l.message/2), false)))
}

func manyValuesREST(ctx context.Context, t *testing.T, d *daemon, l limits) {
	const empty = `{},`
	body := []byte(`{"requests":[` + strings.Repeat(empty, l.message/len(empty)-10) + `{}]}`)
	repeatedly(ctx, t, func() (string, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), hang)
		defer cancel()
		_, err := post(ctx, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, "http://"+d.rest+"/v1/responses:batchTranslate", "", body)
		var refusal *httpError
		if errors.As(err, &refusal) {
			return refusal.Error(), nil
		}
		return "", err
	})
}

// repeatedly sends on fewConns connections, one request after the other on each, and logs what the daemon answered.
func repeatedly(ctx context.Context, t *testing.T, send func() (answer string, err error)) {
	t.Helper()
	var sending sync.WaitGroup
	var mu sync.Mutex
	answers := map[string]int{}
	for range fewConns {
		sending.Go(func() {
			for ctx.Err() == nil {
				if answer, err := send(); err == nil {
					mu.Lock()
					answers[answer]++
					mu.Unlock()
				}
			}
		})
	}
	sending.Wait()
	t.Logf("answers: %v", answers)
	if len(answers) == 0 {
		t.Error("no request was answered: this was no attack")
	}
}

// overHTTP2 sends a message of gRPC on a connection of its own, as fast as the daemon's windows allow.
func overHTTP2(d *daemon, method string, data []byte) func() (string, error) {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	return func() (string, error) {
		ctx, cancel := context.WithTimeout(context.Background(), hang)
		defer cancel()
		transport := &http.Transport{Protocols: protocols}
		defer transport.CloseIdleConnections()
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+d.grpc+method, bytes.NewReader(data))
		if err != nil {
			return "", err
		}
		request.Header = http.Header{"Content-Type": {"application/grpc"}, "Te": {"trailers"}}
		if data[0] == 1 {
			request.Header.Set("Grpc-Encoding", "gzip")
		}
		reply, err := transport.RoundTrip(request)
		if err != nil {
			return "", err
		}
		defer reply.Body.Close()
		_, err = io.Copy(io.Discard, reply.Body)
		return "grpc-status " + reply.Header.Get("Grpc-Status") + reply.Trailer.Get("Grpc-Status"), err
	}
}
