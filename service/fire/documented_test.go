package main

import (
	"strings"
	"testing"
)

// What the documentation tells clients of gRPC is there, and is a service config that gRPC takes.
func TestDocumentedServiceConfig(t *testing.T) {
	t.Parallel()
	config, err := serviceConfig()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := dialAll(new(attempts), config, "127.0.0.1:1")
	if err != nil {
		t.Fatalf("%v: %s", err, config)
	}
	conn.Close()
	for _, want := range []string{"round_robin", "retryPolicy", "cbc.error.v1.TranslationService"} {
		if !strings.Contains(config, want) {
			t.Errorf("no %s in %s", want, config)
		}
	}
	for _, document := range []string{"", "\n## A\n", "\n## A\n\n## B\n\n```json\n{}\n```\n", "\n## A\n\n```json\n{\n```\n", "\n## A\n\n```json\n{}\n"} {
		if got, err := firstJSON(document, "\n## A\n"); err == nil {
			t.Errorf("%q: %q, want an error", document, got)
		}
	}
}
