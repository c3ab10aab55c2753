package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
)

// headersREST sends too many and too long headers over HTTP/1.1.
func headersREST(_ context.Context, t *target) (string, error) {
	many := http.Header{}
	for i := range 10_000 {
		many.Set(fmt.Sprint("X-", i), "v")
	}
	var errs []error
	for _, h := range []http.Header{many, {"X-Long": {strings.Repeat("a", 1<<20)}}} {
		status, _, err := t.send("/v1/responses:translate", h, []byte("{}"))
		if status != http.StatusRequestHeaderFieldsTooLarge {
			errs = append(errs, fmt.Errorf("HTTP %d, %w, want 431", status, err))
		}
	}
	return "431", errors.Join(errs...)
}

// send posts a body to REST from where attackers are.
func (t *target) send(path string, h http.Header, body []byte) (int, string, error) {
	client := http.Client{Timeout: answerWithin, Transport: &http.Transport{TLSClientConfig: t.tls, DisableKeepAlives: true, DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
		return dialAttack(ctx, address)
	}}}
	request, err := http.NewRequest(http.MethodPost, t.base()+path, bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	request.Header = h.Clone()
	reply, err := client.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(io.LimitReader(reply.Body, maxReply))
	return reply.StatusCode, reply.Header.Get("Www-Authenticate") + string(text), err
}

// callRaw sends a message of gRPC that is made by hand, on a connection of its own.
func (t *target) callRaw(ctx context.Context, header http.Header, data io.Reader) (code, message string, err error) {
	transport := overOne()
	defer transport.CloseIdleConnections()
	return t.callOver(ctx, transport, header, data)
}

// overOne speaks HTTP/2 on one connection from where attackers are.
func overOne() *http.Transport {
	transport := &http.Transport{Protocols: new(http.Protocols), MaxConnsPerHost: 1, DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
		return dialAttack(ctx, address)
	}}
	transport.Protocols.SetUnencryptedHTTP2(true)
	return transport
}

// callOver sends a message of gRPC that is made by hand, and returns the status: its code and its message.
func (t *target) callOver(ctx context.Context, transport http.RoundTripper, header http.Header, data io.Reader) (code, message string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+t.grpc+translateMethod, data)
	if err != nil {
		return "", "", err
	}
	request.Header = header
	header.Set("Content-Type", "application/grpc")
	header.Set("TE", "trailers")
	reply, err := transport.RoundTrip(request)
	if err != nil {
		return "", "", err
	}
	defer reply.Body.Close()
	_, err = io.Copy(io.Discard, reply.Body)
	for _, h := range []http.Header{reply.Trailer, reply.Header} {
		if h.Get("Grpc-Status") != "" {
			return h.Get("Grpc-Status"), h.Get("Grpc-Message"), nil
		}
	}
	return "", "", errors.Join(err, errors.New("no status"))
}

// exhausted is RESOURCE_EXHAUSTED as gRPC sends it.
const exhausted = "8"

// bomb sends 10 GB of zeros as 10 MB, as often as it can, four at a time.
func bomb(ctx context.Context, t *target) (string, error) {
	packed, err := zeros(10 << 30)
	if err != nil {
		return "", err
	}
	message := framed(packed, true)
	type end struct {
		n   int
		err error
	}
	ends := make(chan end)
	for range 4 {
		go func() {
			e := end{}
			for ; ctx.Err() == nil && e.err == nil; e.n++ {
				code, said, err := t.callRaw(context.Background(), http.Header{"Grpc-Encoding": {"gzip"}}, bytes.NewReader(message))
				if err != nil || code != exhausted {
					e.err = fmt.Errorf("status %q %q, %w, want RESOURCE_EXHAUSTED", code, said, err)
				}
			}
			ends <- e
		}()
	}
	n, errs := 0, []error(nil)
	for range 4 {
		e := <-ends
		n, errs = n+e.n, append(errs, e.err)
	}
	return fmt.Sprintf("RESOURCE_EXHAUSTED, %d times, for %d bytes each", n, len(message)), errors.Join(some(int64(n), "call was made"), errors.Join(errs...))
}

// zeros are compressed zeros: one piece, again and again, which gzip allows.
func zeros(n int) ([]byte, error) {
	const piece = 10 << 20
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(make([]byte, piece)); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return bytes.Repeat(packed.Bytes(), n/piece), nil
}

// nesting sends JSON that is deeper than any program should follow: as a request over REST, and as the body of a response.
func nesting(_ context.Context, t *target) (string, error) {
	deep := strings.Repeat("[", 1_000_000)
	status, said, err := t.send("/v1/responses:translate", http.Header{"Content-Type": {"application/json"}}, []byte(`{"response":{"json":`+deep))
	if err != nil || status != http.StatusBadRequest || !strings.Contains(said, "INVALID_REQUEST") {
		return "", fmt.Errorf("a request: HTTP %d %.200s, %w, want 400", status, said, err)
	}
	status, said, err = t.send("/v1/responses:translateRaw?httpStatus=400", http.Header{}, []byte(`{"error_code":"CBC.0250","a":`+deep))
	if err != nil || status != http.StatusOK || !strings.Contains(said, "REQUEST_THROTTLED") {
		return "", fmt.Errorf("a response: HTTP %d %.200s, %w, want 200 and its code", status, said, err)
	}
	return "400 INVALID_REQUEST for a request; a response is read", nil
}
