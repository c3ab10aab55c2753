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

// gzipBombs sends compressed messages that decompress to the maximum size.
func gzipBombs(ctx context.Context, t *testing.T, d *daemon, l limits) {
	repeatedly(ctx, t, overHTTP2(d, callMethod, framed(compressedZeros(t, l.message), true)))
}

// largeGzipBombs sends compressed messages of maximum size, made of concatenated gzip members.
func largeGzipBombs(ctx context.Context, t *testing.T, d *daemon, l limits) {
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

// manyValues sends batches of maximum size, of empty requests of two bytes each.
func manyValues(ctx context.Context, t *testing.T, d *daemon, l limits) {
	repeatedly(ctx, t, overHTTP2(d, batchMethod, framed(bytes.Repeat([]byte{0x0a, 0}, l.message/2), false)))
}

func manyValuesREST(ctx context.Context, t *testing.T, d *daemon, l limits) {
	const empty = `{},`
	body := []byte(`{"requests":[` + strings.Repeat(empty, l.message/len(empty)-10) + `{}]}`)
	repeatedly(ctx, t, func() (string, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), hangTimeout)
		defer cancel()
		_, err := post(ctx, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, "http://"+d.rest+"/v1/responses:batchTranslate", "", body)
		var rejection *httpError
		if errors.As(err, &rejection) {
			return rejection.Error(), nil
		}
		return "", err
	})
}

// repeatedly sends requests on fewConns connections concurrently, and logs the replies.
func repeatedly(ctx context.Context, t *testing.T, send func() (reply string, err error)) {
	t.Helper()
	var sending sync.WaitGroup
	var mu sync.Mutex
	replies := map[string]int{}
	for range fewConns {
		sending.Go(func() {
			for ctx.Err() == nil {
				if reply, err := send(); err == nil {
					mu.Lock()
					replies[reply]++
					mu.Unlock()
				}
			}
		})
	}
	sending.Wait()
	t.Logf("replies: %v", replies)
	if len(replies) == 0 {
		t.Error("no request got a reply, so the attack had no effect")
	}
}

// overHTTP2 returns a function that sends a gRPC message on a new connection, as fast as the daemon's windows allow.
func overHTTP2(d *daemon, method string, data []byte) func() (string, error) {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	return func() (string, error) {
		ctx, cancel := context.WithTimeout(context.Background(), hangTimeout)
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
