package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// entry is one line of a corpus.
type entry struct {
	ID         string            `json:"id"`
	Door       string            `json:"door"`
	HTTPStatus int               `json:"http_status"`
	Headers    map[string]string `json:"headers"`
	Body       string            `json:"body"`
	Text       string            `json:"text"`
	BodyBase64 []byte            `json:"body_base64"`
	Expect     expectation       `json:"expect"`
}

// expectation is what an answer has to say, by the keys that expect.go and
// kind.go list. Where a list stands for one value, any of its members will do.
type expectation map[string]any

// readCorpus reads all entries. A key that nothing checks is an error.
func readCorpus(path string) ([]entry, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var entries []entry
	for line := range bytes.Lines(text) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var e entry
		err := json.Unmarshal(line, &e)
		if err == nil {
			err = e.Expect.known()
		}
		if err != nil {
			return nil, fmt.Errorf("%s: entry %d: %w", path, len(entries)+1, err)
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// known returns an error if a key or kind has no check.
func (x expectation) known() error {
	if len(x) == 0 {
		return errors.New("nothing is expected")
	}
	if kind, found := x["kind"]; found && !slices.Contains(kinds(), fmt.Sprint(kind)) {
		return fmt.Errorf("unknown kind %q", kind)
	}
	for key := range x {
		_, other := renamed()[key]
		if checks()[key] == nil && !other && !slices.Contains([]string{"kind", "resource_ids", "window_s"}, key) {
			return fmt.Errorf("unknown key %q in expect", key)
		}
	}
	for _, item := range list(x["items"]) {
		members, _ := item.(map[string]any)
		if err := expectation(members).known(); err != nil {
			return fmt.Errorf("item %v: %w", item, err)
		}
	}
	return nil
}

// body returns the bytes of the response.
func (e entry) body() []byte {
	switch {
	case e.BodyBase64 != nil:
		return e.BodyBase64
	case e.Text != "":
		return []byte(e.Text)
	}
	return []byte(e.Body)
}

func (e entry) succeeded() bool { return e.HTTPStatus/100 == 2 }

// header returns the value of a header in any letter case.
func (e entry) header(name string) string {
	for key, value := range e.Headers {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}

// whole reports whether the body is as long as its Content-Length, if it has one.
func (e entry) whole() bool {
	length := e.header("Content-Length")
	return length == "" || length == fmt.Sprint(len(e.body()))
}
