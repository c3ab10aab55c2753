package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// server is the server under test.
type server struct {
	base    string
	client  *http.Client
	reached bool // it answered at least once; later silence is a failure of an entry
}

func newServer(base string) *server {
	return &server{base: strings.TrimSuffix(base, "/"), client: &http.Client{Timeout: 30 * time.Second}}
}

// way is one way to send an entry.
type way struct {
	name string
	send func() (json.RawMessage, error)
}

// ask sends an entry in every way. It returns the answer of the first one, and
// which of the others differ or fail.
func (s *server) ask(e entry) (answer, faults) {
	ways := s.ways(e)
	first, err := ways[0].ask()
	if err != nil {
		return answer{}, faults{err.Error()}
	}
	var f faults
	for _, w := range ways[1:] {
		again, err := w.ask()
		if err == nil && !e.same(first, again) {
			err = fmt.Errorf("want the answer of raw, %s, got %s", first, again)
		}
		if err != nil {
			f = append(f, fmt.Sprintf("sent as %s: %v", w.name, err))
		}
	}
	return first, f
}

// same reports whether two answers to an entry are equal. A message that quotes
// the whole document may differ, since it has the blanks and the order of keys
// that were sent.
func (e entry) same(a, b answer) bool {
	quoted, ok := parseDocument([]byte(metadata("upstreamMessage")(a)))
	document, _ := parseDocument(e.body())
	if ok && reflect.DeepEqual(quoted, document) {
		messages := regexp.MustCompile(`"upstreamMessage":\s*"(\\.|[^"\\])*"`)
		a.text, b.text = messages.ReplaceAll(a.text, []byte(`"":""`)), messages.ReplaceAll(b.text, []byte(`"":""`))
	}
	var first, second any
	return json.Unmarshal(a.text, &first) == nil && json.Unmarshal(b.text, &second) == nil && reflect.DeepEqual(first, second)
}

func (w way) ask() (answer, error) {
	text, err := w.send()
	if err != nil {
		return answer{}, err
	}
	return readAnswer(text)
}

// ways returns the ways of an entry; the first one's answer is judged.
func (s *server) ways(e entry) []way {
	body := e.body()
	ways := []way{s.message("raw", e, "raw", body), s.rawWay(e), s.batch(e)}
	if utf8.Valid(body) {
		ways = append(ways, s.message("text", e, "text", string(body)))
	}
	document, ok := parseDocument(body)
	if !ok || !e.whole() {
		return ways
	}
	ways = append(ways, s.message("json", e, "json", json.RawMessage(body)))
	ways = append(ways, s.reordered("ascending", e, write(document, ascending))...)
	return append(ways, s.reordered("descending", e, write(document, descending))...)
}

// reordered sends a document with its keys in another order.
func (s *server) reordered(order string, e entry, text string) []way {
	ways := []way{s.message("json, keys "+order, e, "json", json.RawMessage(text))}
	if e.header("Content-Length") == "" { // which would not fit the new text
		ways = append(ways, s.message("raw, keys "+order, e, "raw", []byte(text)))
	}
	return ways
}

// message is a Translate request with the body in one of its three fields.
func (s *server) message(name string, e entry, field string, body any) way {
	return way{name, func() (json.RawMessage, error) {
		return s.postJSON("/v1/responses:translate", e.request(field, body))
	}}
}

func (e entry) request(field string, body any) any {
	return map[string]any{"response": map[string]any{"httpStatus": e.HTTPStatus, "headers": e.Headers, field: body}}
}

// rawWay is TranslateRaw, whose body is the response's as it is.
func (s *server) rawWay(e entry) way {
	query := url.Values{"httpStatus": {fmt.Sprint(e.HTTPStatus)}}
	for name, value := range e.Headers {
		query.Set("headers["+name+"]", value)
	}
	return way{"translateRaw", func() (json.RawMessage, error) {
		contentType := cmp.Or(e.header("Content-Type"), "application/octet-stream")
		return s.post("/v1/responses:translateRaw?"+query.Encode(), contentType, e.body())
	}}
}

// repetitions is how often a batch has the entry: a choice by map order shows
// only in repetition.
const repetitions = 100

// batch is a BatchTranslate request whose results must all be equal.
func (s *server) batch(e entry) way {
	return way{"batch", func() (json.RawMessage, error) {
		requests := slices.Repeat([]any{e.request("raw", e.body())}, repetitions)
		text, err := s.postJSON("/v1/responses:batchTranslate", map[string]any{"requests": requests})
		if err != nil {
			return nil, err
		}
		var batch struct {
			Results []struct{ Translation json.RawMessage }
		}
		if err := json.Unmarshal(text, &batch); err != nil {
			return nil, err
		}
		if len(batch.Results) != repetitions {
			return nil, fmt.Errorf("want %d results, got %d", repetitions, len(batch.Results))
		}
		for _, result := range batch.Results {
			if !bytes.Equal(result.Translation, batch.Results[0].Translation) {
				return nil, fmt.Errorf("want equal results, got %s and %s", batch.Results[0].Translation, result.Translation)
			}
		}
		return batch.Results[0].Translation, nil
	}}
}

func (s *server) postJSON(path string, message any) (json.RawMessage, error) {
	text, err := json.Marshal(message)
	if err != nil {
		return nil, err
	}
	return s.post(path, "application/json", text)
}

func (s *server) post(path, contentType string, body []byte) (json.RawMessage, error) {
	response, err := s.client.Post(s.base+path, contentType, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	s.reached = true
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("want HTTP 200, got %d %.200q", response.StatusCode, text)
	}
	return text, err
}
