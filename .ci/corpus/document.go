package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// object is a JSON object that keeps the order of its keys. The other values of
// a document are []any and json.RawMessage.
type object []member

type member struct {
	key   string
	value any
}

// parseDocument reads a body that can be sent as a JSON value with the keys of
// its objects in any order. That excludes what a google.protobuf.Value cannot
// hold: a key that comes twice (in raw bytes the last one counts), a number in
// a form that a float64 does not print, and half of a surrogate pair.
func parseDocument(body []byte) (document any, ok bool) {
	if !utf8.Valid(body) || !json.Valid(body) || bytes.Contains(bytes.ToLower(body), []byte(`\ud`)) {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	return readValue(d)
}

func readValue(d *json.Decoder) (value any, ok bool) {
	token, err := d.Token()
	if err != nil {
		return nil, false
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return readObject(d)
		}
		return readList(d)
	case json.Number:
		return json.RawMessage(token), printable(token)
	}
	text, err := json.Marshal(token)
	return json.RawMessage(text), err == nil
}

func readObject(d *json.Decoder) (value any, ok bool) {
	var o object
	for d.More() {
		key, err := d.Token()
		name, _ := key.(string)
		value, ok := readValue(d)
		if err != nil || !ok || slices.ContainsFunc(o, func(m member) bool { return m.key == name }) {
			return nil, false
		}
		o = append(o, member{name, value})
	}
	_, err := d.Token()
	return o, err == nil
}

func readList(d *json.Decoder) (value any, ok bool) {
	var l []any
	for d.More() {
		value, ok := readValue(d)
		if !ok {
			return nil, false
		}
		l = append(l, value)
	}
	_, err := d.Token()
	return l, err == nil
}

// printable reports whether a float64 prints as the number is written.
func printable(number json.Number) bool {
	f, err := number.Float64()
	return err == nil && strconv.FormatFloat(f, 'f', -1, 64) == string(number)
}

// write returns a document with the keys of all objects reversed or sorted.
func write(document any, order string) string {
	switch document := document.(type) {
	case object:
		var members []string
		for _, m := range document.ordered(order) {
			key, _ := json.Marshal(m.key)
			members = append(members, string(key)+":"+write(m.value, order))
		}
		return "{" + strings.Join(members, ",") + "}"
	case []any:
		var values []string
		for _, value := range document {
			values = append(values, write(value, order))
		}
		return "[" + strings.Join(values, ",") + "]"
	case json.RawMessage:
		return string(document)
	}
	return ""
}

func (o object) ordered(order string) object {
	o = slices.Clone(o)
	if order == "sorted" {
		slices.SortFunc(o, func(a, b member) int { return strings.Compare(a.key, b.key) })
	} else {
		slices.Reverse(o)
	}
	return o
}

// comparable returns an answer without what differs rightly: a message that
// quotes the whole document has its blanks and its order of keys.
func (e entry) comparable(a answer) any {
	quoted, ok := parseDocument([]byte(metadata("upstreamMessage")(a)))
	document, _ := parseDocument(e.body())
	if !ok || write(quoted, "sorted") != write(document, "sorted") {
		return a.whole
	}
	return without(a.whole, "upstreamMessage")
}

// without returns a JSON value without the members of that name.
func without(value any, name string) any {
	switch value := value.(type) {
	case map[string]any:
		object := map[string]any{}
		for key, member := range value {
			if key != name {
				object[key] = without(member, name)
			}
		}
		return object
	case []any:
		var list []any
		for _, one := range value {
			list = append(list, without(one, name))
		}
		return list
	}
	return value
}
