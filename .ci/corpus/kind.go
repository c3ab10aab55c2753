package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// described reports whether expand replaces the key by others.
func described(key string) bool {
	return slices.Contains([]string{"kind", "message", "recoverable_code", "resource_ids", "window_s", "resource_id"}, key)
}

// expand reduces the words of responses.jsonl to those of dangerous.jsonl. An
// entry with a "kind" leaves the meaning of its code to the tables: the answer
// has to give exactly that meaning, those items and that message.
func (c catalog) expand(e entry) expectation {
	x := maps.Clone(e.Expect)
	if x["kind"] == nil {
		return x
	}
	if x["kind"] == "success" {
		return expectation{"status": "OK"} // which says nothing about codes and messages
	}
	code := fmt.Sprint(first(x["code"], x["recoverable_code"], ""))
	x["code"] = code
	m := c.meaning(code, e)
	if items := failedItems(e.Expect); len(items) > 0 || x["kind"] == "partial" {
		m = m.careful(true)
	}
	return x.translate(m, e, c)
}

// translate replaces the described keys and adds the meaning.
func (x expectation) translate(m meaning, e entry, c catalog) expectation {
	if seconds, found := x["window_s"].(float64); found {
		m.wait = time.Duration(seconds) * time.Second
	}
	if message, found := x["message"].(string); found {
		x["upstreamMessage"] = cut(message, 1<<10)
	}
	var items []any
	for _, item := range failedItems(e.Expect) {
		items = append(items, map[string]any(c.item(item, e)))
	}
	maps.DeleteFunc(x, func(key string, _ any) bool { return described(key) })
	delete(x, "items")
	maps.Copy(x, m.expectation())
	x["only_items"] = items
	maps.Copy(x, exceptions(c)[e.ID])
	return x
}

// item expands one failed item, which is described by the same words.
func (c catalog) item(item expectation, e entry) expectation {
	x := maps.Clone(item)
	code, _ := x["code"].(string)
	if id := x["resource_id"]; id != nil {
		x["id"] = id
	}
	if message, found := x["message"].(string); found {
		x["upstreamMessage"] = cut(message, 1<<10)
	}
	maps.DeleteFunc(x, func(key string, _ any) bool { return described(key) })
	maps.Copy(x, c.meaning(code, e).expectation())
	return x
}

// failedItems returns the items the answer must hold, in order. Resource IDs
// beside a code are items with that code.
func failedItems(x expectation) []expectation {
	var items []expectation
	for _, item := range list(x["items"]) {
		items = append(items, item.(map[string]any))
	}
	for _, id := range list(x["resource_ids"]) {
		items = append(items, expectation{"id": id, "code": x["code"]})
	}
	return items
}

// meaning returns what the mapping says of a code in an entry.
func (c catalog) meaning(code string, e entry) meaning {
	if m, found := c.lookup(code, e.HTTPStatus); found {
		return m
	}
	switch {
	case code == "" && e.Expect["kind"] == "partial":
		m, _ := c.lookup("CBC.5020", e.HTTPStatus)
		return m
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
	row := func(code string) meaning { m, _ := c.lookup(code, 0); return m }
	careful := func(code string) expectation { return row(code).careful(false).expectation() }
	either := careful("CBC.0100")
	either["code"] = []any{"CBC.0100", "CBC.0101"}
	return map[string]expectation{
		// Overlays: the message or the place gives the code the meaning of another row.
		"cbc-tf-0150-wrong-site":             row("CBC.0156").expectation(),
		"cbc-cloudmux-0150-compact":          row("CBC.0156").expectation(),
		"cbc-hcloud-no-code-not-partner":     row("CBC.5001").expectation(),
		"cbc-portal-200-empty-not-logged-in": row("CBC.0154").expectation(),
		"rep-0101-exceptionId":               row("CBC.0154").expectation(),
		// Not certain: the code stands neither in the body's own object nor in its error object.
		"syn-json-array":  careful("CBC.0100"),
		"syn-json-string": careful("CBC.0100"),
		// Not certain: a second, different code. Both objects are equally deep and equally careful.
		"syn-two-nested-objects":      either,
		"syn-code-and-foreign-nested": careful("CBC.0151"),
		// The number repeats the HTTP status. The corpus calls it a code here, and none in two sisters
		// (old-err_code-numeric-404, old-itemNotFound-wrapper-404).
		"iam-nested-numeric-code-401": {
			"code": []any{"", "401"}, "reason": []any{"UNRECOGNIZED_RESPONSE", "FOREIGN_CODE"},
		},
		// The text within is the body's only object. The mapping does not say whether it is its own.
		"syn-double-encoded": {"outcome": []any{"NOT_APPLIED", "UNKNOWN"}},
	}
}

// first returns the first value that is there.
func first(values ...any) any {
	for _, value := range values {
		if value != nil {
			return value
		}
	}
	return nil
}
