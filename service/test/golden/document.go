package golden

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// Document decodes a JSON body. It reports false for JSON that a google.protobuf.Value cannot hold unchanged: a key that
// occurs twice, a number that a float64 prints differently, half of a surrogate pair.
func Document(body []byte) (document any, ok bool) {
	if !utf8.Valid(body) || bytes.Contains(bytes.ToLower(body), []byte(`\ud`)) || !json.Valid(body) {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&document) != nil {
		return nil, false
	}
	n, printable := tokens(document)
	return document, printable && n == tokensOf(body)
}

// tokensOf counts the tokens of a JSON text.
func tokensOf(body []byte) int {
	d, n := json.NewDecoder(bytes.NewReader(body)), 0
	for _, err := d.Token(); err == nil; _, err = d.Token() {
		n++
	}
	return n
}

// tokens counts the tokens of a document, duplicate keys once. It reports whether a float64 prints all numbers unchanged.
func tokens(document any) (n int, printable bool) {
	n, printable = 1, true
	var inner []any
	switch document := document.(type) {
	case map[string]any:
		n, inner = 2+len(document), slices.Collect(maps.Values(document))
	case []any:
		n, inner = 2, document
	case json.Number:
		f, err := document.Float64()
		printable = err == nil && strconv.FormatFloat(f, 'f', -1, 64) == string(document)
	}
	for _, value := range inner {
		more, same := tokens(value)
		n, printable = n+more, printable && same
	}
	return n, printable
}

// An Order compares two keys of an object.
type Order func(a, b string) int

// Ascending sorts keys by their bytes.
func Ascending(a, b string) int { return strings.Compare(a, b) }

// Descending sorts keys by their bytes, the greatest first.
func Descending(a, b string) int { return strings.Compare(b, a) }

// Marshal encodes a document with the keys of all objects in one order.
func Marshal(document any, order Order) []byte {
	var parts [][]byte
	open, end := "[", "]"
	switch document := document.(type) {
	case map[string]any:
		open, end = "{", "}"
		for _, key := range slices.SortedFunc(maps.Keys(document), order) {
			parts = append(parts, slices.Concat(Marshal(key, order), []byte(":"), Marshal(document[key], order)))
		}
	case []any:
		for _, value := range document {
			parts = append(parts, Marshal(value, order))
		}
	default:
		text, _ := json.Marshal(document) // cannot fail for scalars
		return text
	}
	return slices.Concat([]byte(open), bytes.Join(parts, []byte(",")), []byte(end))
}

// EquateDocuments treats two texts as equal if they hold the same JSON document. An upstream message may quote the whole
// body, whose blanks and order of keys depend on its encoding.
func EquateDocuments() cmp.Option {
	return cmp.Comparer(func(a, b string) bool {
		if a == b {
			return true
		}
		first, firstOK := Document([]byte(a))
		second, secondOK := Document([]byte(b))
		return firstOK && secondOK && reflect.DeepEqual(first, second)
	})
}
