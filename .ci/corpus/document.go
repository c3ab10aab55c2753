package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parseDocument reads a body that can be sent as a JSON value with the keys of
// its objects in any order. That excludes what a google.protobuf.Value cannot
// hold: a key that comes twice (in raw bytes the last one counts), a number in
// a form that a float64 does not print, and half of a surrogate pair.
func parseDocument(body []byte) (document any, ok bool) {
	if !utf8.Valid(body) || bytes.Contains(bytes.ToLower(body), []byte(`\ud`)) || !json.Valid(body) {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&document) != nil {
		return nil, false
	}
	kept, printable := tokens(document)
	return document, printable && kept == tokensOf(body)
}

// tokensOf counts the tokens of a JSON text.
func tokensOf(body []byte) int {
	d, n := json.NewDecoder(bytes.NewReader(body)), 0
	for _, err := d.Token(); err == nil; _, err = d.Token() {
		n++
	}
	return n
}

// tokens counts the tokens of a document, and reports whether a float64 prints
// its numbers as they are written. A key that came twice is counted once.
func tokens(document any) (n int, printable bool) {
	var inner []any
	switch document := document.(type) {
	case map[string]any:
		n, inner = 2+len(document), slices.Collect(maps.Values(document))
	case []any:
		n, inner = 2, document
	case json.Number:
		f, err := document.Float64()
		return 1, err == nil && strconv.FormatFloat(f, 'f', -1, 64) == string(document)
	default:
		return 1, true
	}
	for _, one := range inner {
		more, fine := tokens(one)
		if n += more; !fine {
			return n, false
		}
	}
	return n, true
}

// write returns a document as text, the keys of all its objects in an order.
func write(document any, order func(a, b string) int) string {
	var parts []string
	switch document := document.(type) {
	case map[string]any:
		for _, key := range slices.SortedFunc(maps.Keys(document), order) {
			parts = append(parts, write(key, order)+":"+write(document[key], order))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case []any:
		for _, value := range document {
			parts = append(parts, write(value, order))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	text, _ := json.Marshal(document) // which cannot fail for what is left
	return string(text)
}

func ascending(a, b string) int  { return strings.Compare(a, b) }
func descending(a, b string) int { return strings.Compare(b, a) }
