package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/protobuf/encoding/protojson"
)

// The paths of REST.
const (
	translatePath = "/v1/responses:translate"
	rawPath       = "/v1/responses:translateRaw"
)

// pages are the paths and how each is asked.
var pages = map[string]func(*errorv1.TranslateRequest) ([]byte, error){translatePath: asJSON, rawPath: asRaw}

// asJSON writes a question as the JSON of its message.
func asJSON(r *errorv1.TranslateRequest) ([]byte, error) {
	body, err := protojson.Marshal(r)
	if err != nil {
		return nil, err
	}
	return post(translatePath, body)
}

// asRaw writes a question as upstream's body, what else there is in the query.
func asRaw(r *errorv1.TranslateRequest) ([]byte, error) {
	query := url.Values{"httpStatus": {strconv.Itoa(int(r.GetResponse().GetHttpStatus()))}, "locales": r.GetLocales()}
	for name, value := range r.GetResponse().GetHeaders() {
		query.Set("headers["+name+"]", value)
	}
	return post(rawPath+"?"+query.Encode(), r.GetResponse().GetRaw())
}

// post is a request as it goes over the wire.
func post(target string, body []byte) ([]byte, error) {
	request, err := http.NewRequest(http.MethodPost, "http://load"+target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	var wire bytes.Buffer
	err = request.Write(&wire)
	return wire.Bytes(), err
}

// A wire is a connection of HTTP/1.1, kept alive, of callers one of whom has it at a time. It writes bytes that were made
// before: the cores are the servers', and a client that does more than it must would hide how they differ.
type wire struct {
	mu   sync.Mutex
	conn net.Conn
	in   *bufio.Reader
}

// newWire connects, and over TLS shakes hands too.
func newWire(e endpoint) (*wire, error) {
	conn, err := net.Dial("tcp", e.REST)
	if err != nil || e.tls == nil {
		return &wire{conn: conn, in: bufio.NewReader(conn)}, err
	}
	secure := tls.Client(conn, e.tls.client())
	if err := secure.Handshake(); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &wire{conn: secure, in: bufio.NewReader(secure)}, nil
}

// exchange sends a request and has the answer read, which must be a good one.
func (w *wire) exchange(request []byte, read func(*http.Response) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.conn.Write(request); err != nil {
		return err
	}
	answer, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("REST: %s", answer.Status)
	}
	return read(answer)
}

// drain reads an answer to its end.
func drain(answer *http.Response) error {
	_, err := io.Copy(io.Discard, answer.Body)
	return err
}

// restJSON asks the path that takes JSON.
func restJSON(e endpoint, l load, q questions) (session, error) { return posting(e, l, q, asJSON) }

// restRaw asks the path that takes upstream's body.
func restRaw(e endpoint, l load, q questions) (session, error) { return posting(e, l, q, asRaw) }

func posting(e endpoint, l load, q questions, write func(*errorv1.TranslateRequest) ([]byte, error)) (session, error) {
	var requests [][]byte
	for _, r := range q {
		request, err := write(r)
		if err != nil {
			return nil, err
		}
		requests = append(requests, request)
	}
	var wires []*wire
	s := &crew{release: func() {
		for _, w := range wires {
			w.conn.Close()
		}
	}}
	for range l.conns {
		w, err := newWire(e)
		if err != nil {
			s.close()
			return nil, err
		}
		wires = append(wires, w)
	}
	for i := range l.inFlight {
		w := wires[i%l.conns]
		s.workers = append(s.workers, inTurn(i, requests, func(request []byte) error { return w.exchange(request, drain) }))
	}
	return s, nil
}
