package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestRun_WaysThatDiffer(t *testing.T) {
	path := func(action string) func(*http.Request, string) bool {
		return func(r *http.Request, _ string) bool { return strings.HasSuffix(r.URL.Path, action) }
	}
	has := func(part string) func(*http.Request, string) bool {
		return func(r *http.Request, body string) bool {
			return path(":translate")(r, body) && strings.Contains(body, part)
		}
	}
	raw := func(text string) func(*http.Request, string) bool {
		encoded, _ := json.Marshal([]byte(text))
		return has(`"raw":` + string(encoded))
	}
	tests := map[string]func(r *http.Request, body string) bool{
		"translateRaw":          path(":translateRaw"),
		"batch":                 path(":batchTranslate"),
		"text":                  has(`"text":"{\"y\"`),
		"json":                  has(`"json":{"y":`),
		"json, keys ascending":  has(`"json":{"x":`),
		"json, keys descending": has(`"json":{"z":`),
		"raw, keys ascending":   raw(`{"x":2,"y":1,"z":"w"}`),
		"raw, keys descending":  raw(`{"z":"w","y":1,"x":2}`),
	}
	for name, differs := range tests {
		server := fakeServer(t, func(r *http.Request, body string) string {
			if differs(r, body) {
				return failure
			}
			return ""
		})
		var output bytes.Buffer
		run([]string{"-server", server, "-corpus", writeCorpus(t, passing)}, &output, &output)
		if want := "FAIL a: sent as " + name + ": want the answer of raw"; !strings.HasPrefix(output.String(), want) {
			t.Errorf("want %q, got %q", want, output.String())
		}
	}
}

func TestRun_BatchThatDiffersWithinItself(t *testing.T) {
	count := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if count++; strings.HasSuffix(r.URL.Path, ":batchTranslate") {
			fmt.Fprint(w, `{"results": [`+strings.Repeat(`{"translation": `+ok+`},`, repetitions-1)+`{"translation": {}}]}`)
			return
		}
		fmt.Fprint(w, ok)
	}))
	defer server.Close()
	var output bytes.Buffer
	run([]string{"-server", server.URL, "-corpus", writeCorpus(t, passing)}, &output, &output)
	if !strings.Contains(output.String(), "sent as batch: want equal results") || count < 8 {
		t.Errorf("%d requests: %s", count, output.String())
	}
}

func TestRun_ServerRefuses(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	var output bytes.Buffer
	if status := run([]string{"-server", server.URL, "-corpus", writeCorpus(t, passing), "-min", "1"}, &output, &output); status != 1 {
		t.Errorf("want 1, got %d", status)
	}
	if !strings.Contains(output.String(), "FAIL a: want HTTP 200, got 404") {
		t.Error(output.String())
	}
}

func TestServer_RawWay(t *testing.T) {
	var seen *http.Request
	var sent string
	server := newServer(fakeServer(t, func(r *http.Request, body string) string {
		seen, sent = r, body
		return ""
	}))
	e := entry{HTTPStatus: 429, Headers: map[string]string{"content-type": "a/b;c=d", "Retry-After": "5"}, BodyBase64: []byte("\xff")}
	if _, err := server.rawWay(e).ask(); err != nil {
		t.Fatal(err)
	}
	query := seen.URL.Query()
	got := []string{query.Get("httpStatus"), query.Get("headers[Retry-After]"), query.Get("headers[content-type]"), seen.Header.Get("Content-Type"), sent}
	if want := []string{"429", "5", "a/b;c=d", "a/b;c=d", "\xff"}; !slices.Equal(got, want) {
		t.Errorf("want %q, got %q", want, got)
	}
}

func TestServer_Ways(t *testing.T) {
	short := map[string]string{"content-length": "9"}
	exact := map[string]string{"Content-Length": "2"}
	tests := []struct {
		name string
		e    entry
		want string
	}{
		{"document", entry{Body: `{}`}, "raw translateRaw batch text json json,asc raw,asc json,desc raw,desc"},
		{"exact length", entry{Body: `{}`, Headers: exact}, "raw translateRaw batch text json json,asc json,desc"},
		{"other length", entry{Body: `{}`, Headers: short}, "raw translateRaw batch text"},
		{"no JSON", entry{Text: `{`}, "raw translateRaw batch text"},
		{"no UTF-8", entry{BodyBase64: []byte("\xff")}, "raw translateRaw batch"},
	}
	for _, test := range tests {
		var names []string
		for _, w := range newServer("").ways(test.e) {
			names = append(names, strings.NewReplacer(" keys ", "", "ascending", "asc", "descending", "desc").Replace(w.name))
		}
		if got := strings.Join(names, " "); got != test.want {
			t.Errorf("%s: want %q, got %q", test.name, test.want, got)
		}
	}
}

func TestEntry_Same(t *testing.T) {
	quoting := func(message string) answer {
		encoded, _ := json.Marshal(message)
		return mustRead(t, `{"status": {"code": 9, "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
			"metadata": {"upstreamMessage": `+string(encoded)+`}}]}}`)
	}
	e := entry{Body: `{"a":1,"b":2}`}
	if !e.same(quoting(`{"a":1,"b":2}`), quoting(`{"b": 2, "a": 1}`)) {
		t.Error("a message that quotes the document: want the same")
	}
	if e.same(quoting("a"), quoting("b")) || e.same(quoting(`{"a":1}`), quoting(`{"a":2}`)) {
		t.Error("other messages: want them to differ")
	}
}

func TestParseDocument(t *testing.T) {
	tests := map[string]bool{
		`{"a": [1, -2.5, {"b": null}], "c": "\u00e9"}`: true,
		`"x"`:                       true,
		`{"a": 1, "a": 2}`:          false,
		`[{"a": {"b": 1, "b": 1}}]`: false,
		`{"a": 5.003e3}`:            false,
		`{"a": 1.0}`:                false,
		`{"a": 9007199254740993}`:   false,
		`{"a": 0250}`:               false,
		`{"a": "\uD83D"}`:           false,
		`{"a": 1} {"b": 2}`:         false,
		"{\"a\": \"\xff\"}":         false,
		"\ufeff{}":                  false,
		``:                          false,
	}
	for body, want := range tests {
		if _, got := parseDocument([]byte(body)); got != want {
			t.Errorf("%q: want %v, got %v", body, want, got)
		}
	}
}

func TestWrite(t *testing.T) {
	document, _ := parseDocument([]byte(`{"b": [{"d": 1, "c": "<"}], "a": null}`))
	if got, want := write(document, ascending), `{"a":null,"b":[{"c":"\u003c","d":1}]}`; got != want {
		t.Errorf("want %s, got %s", want, got)
	}
	if got, want := write(document, descending), `{"b":[{"d":1,"c":"\u003c"}],"a":null}`; got != want {
		t.Errorf("want %s, got %s", want, got)
	}
}
