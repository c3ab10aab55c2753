package main

import (
	"slices"

	"github.com/cbcerr/cbcerr/service/conformance/gen/conformancev1"
	"google.golang.org/genproto/googleapis/rpc/code"
)

// wrappedCases returns the cases of Raise for a server that wraps errors: what is expected of the translated error, but not
// of the status, whose message the server changes.
func wrappedCases(cases []*conformancev1.Case) []*conformancev1.Case {
	raise := conformancev1.EntryPoint_ENTRY_POINT_RAISE
	var all []*conformancev1.Case
	for _, c := range cases {
		wrapped := &conformancev1.Case{Name: c.GetName(), Server: c.GetServer(), EntryPoints: []conformancev1.EntryPoint{raise}}
		for _, step := range c.GetSteps() {
			if step := wrappedStep(step); step != nil {
				wrapped.Steps = append(wrapped.Steps, step)
			}
		}
		if len(wrapped.GetSteps()) > 0 {
			all = append(all, wrapped)
		}
	}
	return all
}

// wrappedStep returns a step without its expected status. It returns nil for a step without a response, for one that cbcerr
// itself rejects, and for an error about the server's own keys, which the server hides.
func wrappedStep(step *conformancev1.Step) *conformancev1.Step {
	wrapped := &conformancev1.Step{Request: step.GetRequest(), Want: step.GetWant(), WantCode: step.WantCode, WantDetail: step.WantDetail}
	if expected := step.GetWantTranslation().GetStatus(); expected != nil {
		wrapped.Want, wrapped.WantCode = viewOf(expected), code.Code(expected.GetCode()).Enum()
	}
	if wrapped.Want == nil {
		wrapped.Want = &conformancev1.CbcErrorView{} // no error
	}
	if step.GetRequest() == nil || step.GetWantRejected() != "" || isHidden(wrapped) {
		return nil
	}
	return wrapped
}

// isHidden reports whether the expected error is about the server's own keys.
func isHidden(step *conformancev1.Step) bool {
	switch step.GetWantCode() {
	case code.Code_UNAUTHENTICATED:
		return true
	case code.Code_PERMISSION_DENIED:
		refusals := []string{"ACCESS_DENIED", "IP_ADDRESS_FORBIDDEN", "UNRECOGNIZED_CODE", "FOREIGN_CODE", "UNRECOGNIZED_RESPONSE"}
		return slices.Contains(refusals, step.GetWant().GetReason())
	}
	return false
}
