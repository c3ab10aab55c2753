package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/cbcerr/cbcerr/service/test/golden"
)

// entry is one line of a corpus.
type entry struct {
	ID         string            `json:"id"`
	HTTPStatus int               `json:"http_status"`
	Headers    map[string]string `json:"headers"`
	Body       string            `json:"body"`
	Text       string            `json:"text"`
	BodyBase64 []byte            `json:"body_base64"`
	Expect     expectation       `json:"expect"`
}

// readCorpus reads all entries. An unknown key of an expectation is an error.
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
		if err := errors.Join(json.Unmarshal(line, &e), e.Expect.validate()); err != nil {
			return nil, fmt.Errorf("%s: entry %d: %w", path, len(entries)+1, err)
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// golden returns the entry as a golden case without an expected translation.
func (e entry) golden() golden.Case {
	c := golden.Case{Name: e.ID, Status: e.HTTPStatus, Headers: e.Headers, Body: slices.Concat([]byte(e.Body), []byte(e.Text), e.BodyBase64), Locale: "en"}
	if c.Status == 0 {
		c.Response = c.Body
		return c
	}
	response := bytes.NewBufferString(fmt.Sprintf("HTTP/2 %d\n", c.Status))
	for _, name := range slices.Sorted(maps.Keys(c.Headers)) {
		fmt.Fprintf(response, "%s: %s\n", name, c.Headers[name])
	}
	response.WriteString("\n")
	response.Write(c.Body)
	c.Response = response.Bytes()
	return c
}
