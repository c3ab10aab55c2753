package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/test/testserver"
)

// The headers that the document promises are in the answers to its examples.
func TestPromisedHeaders(t *testing.T) {
	base, d := "http://"+testserver.Start(t).HTTPAddr(), document(t)
	for _, c := range all(t) {
		t.Run(c.name, func(t *testing.T) {
			operation, err := c.operation(d)
			if err != nil {
				t.Fatal(err)
			}
			response := dereferenced(d, at(operation, "responses", c.answer.status()))
			got := c.ask(t, base)
			for name, header := range at(response, "headers") {
				promise := header.(object)
				if ref, ok := promise["$ref"].(string); ok {
					promise = at(d, "components", "headers", ref[strings.LastIndex(ref, "/")+1:])
				}
				if promise["required"] == true && got.header.Get(name) == "" {
					t.Errorf("no %s in %v", name, got.header)
				}
			}
		})
	}
}

// An answer of the catalogue is known again by its ETag: then there is no body, and the same headers.
func TestAnswersOfTheCatalogueAreKnownAgain(t *testing.T) {
	base := "http://" + testserver.Start(t).HTTPAddr()
	for _, c := range all(t) {
		if !strings.HasPrefix(c.request.line, "GET ") || c.answer.status() != "200" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			first := c.ask(t, base)
			tag := first.header.Get("ETag")
			again := c
			again.request.header = http.Header{"If-None-Match": {tag}}
			got := again.ask(t, base)
			if tag == "" || got.line != "304 Not Modified" || len(got.body) > 0 || got.header.Get("ETag") != tag {
				t.Errorf("ETag %q, then %s %v %q", tag, got.line, got.header, got.body)
			}
			again.request.header = http.Header{"If-None-Match": {`"another"`}}
			if got := again.ask(t, base); got.line != "200 OK" {
				t.Errorf("%s for the ETag of another answer", got.line)
			}
		})
	}
}
