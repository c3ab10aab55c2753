package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/translate"
)

func TestExplanation_Conditions(t *testing.T) {
	x := newExplanation(translate.Explanation{Conditions: []translate.Condition{{Name: "whole-body", Holds: true}, {Name: "sole-failure"}}})
	var out bytes.Buffer
	if err := x.print(&out, false); err != nil {
		t.Fatal(err)
	}
	const want = `
whole-body    holds          The body is complete.
sole-failure  does not hold  The response also reports failed items or a different error code.
`
	if !strings.HasSuffix(out.String(), "\n"+want) {
		t.Errorf("%s\nwant the suffix %s", out.String(), want)
	}
}
