package main

import (
	"maps"
	"strings"
	"time"
)

// renamed returns the keys that responses.jsonl has other words for.
func renamed() map[string]string {
	return map[string]string{"recoverable_code": "code", "message": "upstreamMessage", "resource_id": "id"}
}

// kinds returns the values of "kind". Success and partial failure have a
// meaning of their own, the others that of the code.
func kinds() []string {
	return strings.Fields(`success partial empty non-json unknown-json not-authenticated ambiguous gateway iam foreign generic
		cbc cbc-no-code cbc-inferred cbc-or-opaque cbc-normalised-or-unknown`)
}

// expand reduces the words of responses.jsonl to those of dangerous.jsonl. An
// entry with a "kind" leaves the meaning to the tables: the answer has to give
// exactly the meaning of that code, and exactly those items.
func (c catalog) expand(e entry) expectation {
	switch e.Expect["kind"] {
	case nil:
		return e.Expect
	case "success": // which says nothing about codes and messages
		return expectation{"status": "OK"}
	}
	x := c.exactly(e.Expect, e)
	items := []any{}
	for _, item := range list(e.Expect["items"]) {
		items = append(items, map[string]any(c.exactly(item.(map[string]any), e)))
	}
	for _, id := range list(e.Expect["resource_ids"]) { // items with the code beside them
		items = append(items, map[string]any(c.exactly(expectation{"id": id, "code": x["code"]}, e)))
	}
	x["only_items"] = items
	if seconds, found := x["window_s"].(float64); found {
		x["wait"] = (time.Duration(seconds) * time.Second).String()
	}
	if len(items) > 0 {
		x["retry"], x["outcome"] = "VERIFY_FIRST", "PARTIALLY_APPLIED"
	}
	if x["kind"] == "cbc-inferred" {
		x["match"] = "INFERRED" // a completed code must not pass for one that upstream sent
	}
	for _, key := range []string{"kind", "items", "resource_ids", "window_s"} {
		delete(x, key)
	}
	maps.Copy(x, exceptions(c)[e.ID])
	return x
}

// exactly adds the meaning of the code to what is expected of an answer or item.
func (c catalog) exactly(described expectation, e entry) expectation {
	x := expectation{"code": ""}
	for key, value := range described {
		if name, found := renamed()[key]; found {
			key = name
		}
		x[key] = value
	}
	maps.Copy(x, c.meaning(x["code"].(string), e).expectation())
	return x
}

// meaning returns what the mapping says of a code in an entry.
func (c catalog) meaning(code string, e entry) meaning {
	m, found := c.lookup(code, e.HTTPStatus)
	switch {
	case found:
		return m
	case code == "" && e.Expect["kind"] == "partial":
		return c.row("CBC.5020")
	case code == "":
		return fallback(e.HTTPStatus, "UNRECOGNIZED_RESPONSE")
	case strings.HasPrefix(code, "CBC."):
		return fallback(e.HTTPStatus, "UNRECOGNIZED_CODE")
	}
	return fallback(e.HTTPStatus, "FOREIGN_CODE")
}

func (m meaning) expectation() expectation {
	return expectation{"status": m.status, "reason": m.reason, "retry": m.retry, "outcome": m.outcome, "wait": m.wait.String()}
}

// exceptions are the entries whose meaning is not that of their code's row.
func exceptions(c catalog) map[string]expectation {
	careful := func(code string) expectation { return c.row(code).careful("UNKNOWN").expectation() }
	either := careful("CBC.0100")
	either["code"] = []any{"CBC.0100", "CBC.0101"}
	return map[string]expectation{
		// Overlays: the message or the place gives the code the meaning of another row.
		"cbc-tf-0150-wrong-site":             c.row("CBC.0156").expectation(),
		"cbc-cloudmux-0150-compact":          c.row("CBC.0156").expectation(),
		"cbc-hcloud-no-code-not-partner":     c.row("CBC.5001").expectation(),
		"cbc-portal-200-empty-not-logged-in": c.row("CBC.0154").expectation(),
		"rep-0101-exceptionId":               c.row("CBC.0154").expectation(),
		// Not certain: the code stands neither in the body's own object nor in its error object.
		"syn-json-array":  careful("CBC.0100"),
		"syn-json-string": careful("CBC.0100"),
		// Not certain: a second, different code. The two objects are equally deep and equally careful.
		"syn-two-nested-objects":      either,
		"syn-code-and-foreign-nested": careful("CBC.0151"),
		// The number repeats the HTTP status. The corpus calls it a code here, and none in two sisters
		// (old-err_code-numeric-404, old-itemNotFound-wrapper-404).
		"iam-nested-numeric-code-401": {"code": []any{"", "401"}, "reason": []any{"UNRECOGNIZED_RESPONSE", "FOREIGN_CODE"}},
		// The mapping does not say whether the object within the text is the body's own.
		"syn-double-encoded": {"outcome": []any{"NOT_APPLIED", "UNKNOWN"}},
	}
}
