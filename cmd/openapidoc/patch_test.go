package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMerge(t *testing.T) {
	for _, c := range []struct{ name, value, patch, want string }{
		{"adds and keeps", `{"a":1}`, `{"b":2}`, `{"a":1,"b":2}`},
		{"within objects", `{"a":{"b":1,"c":2}}`, `{"a":{"b":3}}`, `{"a":{"b":3,"c":2}}`},
		{"null removes", `{"a":{"b":1,"c":2}}`, `{"a":{"b":null}}`, `{"a":{"c":2}}`},
		{"null adds nothing", `{}`, `{"a":{"b":null,"c":1}}`, `{"a":{"c":1}}`},
		{"an object replaces another kind", `{"a":1}`, `{"a":{"b":1}}`, `{"a":{"b":1}}`},
		{"lists replace lists", `{"a":[1,2]}`, `{"a":[3]}`, `{"a":[3]}`},
		{"lists by name", `{"a":[{"name":"x","y":1},{"name":"z"}]}`, `{"a":[{"name":"z","y":2},{"name":"n"}]}`,
			`{"a":[{"name":"x","y":1},{"name":"z","y":2},{"name":"n"}]}`},
		{"lists in which one has no name", `{"a":[{"name":"x"}]}`, `{"a":[{"name":"x","y":1},{"$ref":"r"}]}`,
			`{"a":[{"name":"x","y":1},{"$ref":"r"}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(parseJSON(t, c.want), merge(parseJSON(t, c.value), parseJSON(t, c.patch))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestNormalize_MapParameter(t *testing.T) {
	d := parseJSON(t, `{"paths":{"/p":{"get":{"summary":"s","parameters":[
		{"name":"headers[string]","schema":{"type":"string"}},{"name":"other","schema":{"type":"string"}}]}}}}`).(object)
	normalize(d)
	want := parseJSON(t, `{"paths":{"/p":{"get":{"description":"s","parameters":[
		{"name":"headers","style":"deepObject","explode":true,"schema":{"type":"object","additionalProperties":{"type":"string"}}},
		{"name":"other","schema":{"type":"string"}}]}}}}`)
	if diff := cmp.Diff(want, any(d)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

const smallDocument = `{"paths":{"/p":{"post":{
	"requestBody":{"content":{"application/json":{},"*/*":{}}},
	"responses":{"200":{"content":{"application/json":{}}},"400":{"$ref":"#/components/responses/Bad"}}}}},
	"components":{"responses":{"Bad":{"content":{"application/json":{}}}}}}`

func TestInsert_RequestAndResponse(t *testing.T) {
	d := parseJSON(t, smallDocument).(object)
	if err := newExample(t, "POST /p?q=1\nAccept: a\nContent-Type: text/plain\n\nhello\n", "400 Bad Request\nContent-Type: application/json\n\n{}\n").insert(d); err != nil {
		t.Fatal(err)
	}
	request := descend(d, "paths", "/p", "post", "requestBody", "content", "*/*", "examples", "name")
	want := object{"summary": "a summary", "description": "`POST /p?q=1`, `Accept: a`", "value": "hello"}
	if diff := cmp.Diff(want, request); diff != "" {
		t.Errorf("request (-want +got)\n%s", diff)
	}
	response := descend(d, "components", "responses", "Bad", "content", "application/json", "examples", "name")
	if diff := cmp.Diff(json.RawMessage("{}"), response["value"]); diff != "" {
		t.Errorf("response (-want +got)\n%s", diff)
	}
}

func TestInsert_NotInDocument(t *testing.T) {
	const post, ok = "POST /p\nContent-Type: application/json\n\n{}\n", "200 OK\nContent-Type: application/json\n\n{}\n"
	for _, c := range []struct{ name, request, response, want string }{
		{"path", "POST /q\n\n", ok, "POST /q is not in the document"},
		{"method", "GET /p\n\n", ok, "GET /p is not in the document"},
		{"status", post, "404 Not Found\n\n", "the status 404 of the response is not in the document"},
		{"type", post, "200 OK\nContent-Type: text/html\n\n<p>\n", "the content type of the response is not"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := newExample(t, c.request, c.response).insert(parseJSON(t, smallDocument).(object))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

func newExample(t *testing.T, request, response string) example {
	t.Helper()
	e, err := parseExample([]byte("a summary\n-- request --\n" + request + "-- response --\n" + response))
	if err != nil {
		t.Fatal(err)
	}
	e.name = "name"
	return e
}

func parseJSON(t *testing.T, text string) any {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	return value
}
