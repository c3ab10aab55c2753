package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/test/testserver"
)

// Responses have the headers that the document requires.
func TestExamples_RequiredHeaders(t *testing.T) {
	base, d := "http://"+testserver.Start(t).HTTPAddr(), document(t)
	for _, e := range allExamples(t) {
		t.Run(e.name, func(t *testing.T) {
			operation, err := e.operation(d)
			if err != nil {
				t.Fatal(err)
			}
			response := resolve(d, descend(operation, "responses", e.response.status()))
			got := e.send(t, base)
			for name, header := range descend(response, "headers") {
				documented := header.(object)
				if ref, ok := documented["$ref"].(string); ok {
					documented = descend(d, "components", "headers", ref[strings.LastIndex(ref, "/")+1:])
				}
				if documented["required"] == true && got.header.Get(name) == "" {
					t.Errorf("no %s in %v", name, got.header)
				}
			}
		})
	}
}

// A GET request with a matching If-None-Match returns 304 with the same ETag and no body.
func TestExamples_ETag(t *testing.T) {
	base := "http://" + testserver.Start(t).HTTPAddr()
	for _, e := range allExamples(t) {
		if !strings.HasPrefix(e.request.line, "GET ") || e.response.status() != "200" {
			continue
		}
		t.Run(e.name, func(t *testing.T) {
			first := e.send(t, base)
			tag := first.header.Get("ETag")
			again := e
			again.request.header = http.Header{"If-None-Match": {tag}}
			got := again.send(t, base)
			if tag == "" || got.line != "304 Not Modified" || len(got.body) > 0 || got.header.Get("ETag") != tag {
				t.Errorf("ETag %q, then %s %v %q", tag, got.line, got.header, got.body)
			}
			again.request.header = http.Header{"If-None-Match": {`"another"`}}
			if got := again.send(t, base); got.line != "200 OK" {
				t.Errorf("%s for the ETag of another response", got.line)
			}
		})
	}
}
