package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// entry is one line of the corpus.
type entry struct {
	ID         string            `json:"id"`
	HTTPStatus int               `json:"http_status"`
	Headers    map[string]string `json:"headers"`
	Body       string            `json:"body"`
	BodyBase64 []byte            `json:"body_base64"`
	Expect     expectation       `json:"expect"`
}

// expectation is what a status has to say: that of an entry, or that of one of
// its failed items, which the corpus describes with the same words.
type expectation struct {
	Kind            string        `json:"kind"`
	Code            string        `json:"code"`
	RecoverableCode string        `json:"recoverable_code"`
	Message         string        `json:"message"`
	RequestID       string        `json:"request_id"`
	IAMAction       string        `json:"iam_action"`
	DomainID        string        `json:"domain_id"`
	EncodedMessage  string        `json:"encoded_authorization_message"`
	Field           string        `json:"field"`
	Fields          []string      `json:"fields"`
	WindowSeconds   int           `json:"window_s"`
	ID              string        `json:"id"`
	ResourceID      string        `json:"resource_id"`
	ResourceIDs     []string      `json:"resource_ids"`
	Items           []expectation `json:"items"`
}

func readCorpus(path string) ([]entry, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var entries []entry
	for line := range bytes.Lines(text) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("%s: entry %d: %w", path, len(entries)+1, err)
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// body is the response's bytes; base64 is used where they are not valid text.
func (e entry) body() []byte {
	if e.BodyBase64 != nil {
		return e.BodyBase64
	}
	return []byte(e.Body)
}

// failedItems are the items the answer must hold, in order. Resource ids beside
// a code are items of that same code (the expiredResourceIds overlay).
func (x expectation) failedItems() []expectation {
	items := x.Items
	for _, id := range x.ResourceIDs {
		items = append(items, expectation{ID: id, Code: x.Code})
	}
	return items
}

func (x expectation) itemID() string {
	if x.ResourceID != "" {
		return x.ResourceID
	}
	return x.ID
}

func (x expectation) violatedFields() []string {
	if x.Field != "" {
		return []string{x.Field}
	}
	return x.Fields
}

// effect is what a caller does about an error.
type effect struct {
	status, retry, outcome string
	wait                   time.Duration
}

// meaning is one reading of a response the mapping allows.
type meaning struct {
	code, reason string
	effect
}

// table is the reviewed catalogue, read by code and by reason. Rows that share
// a reason share their effect, so any of them stands for it.
type table struct {
	reasons map[string]string
	effects map[string]effect
}

func readTable(path string) (table, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return table{}, err
	}
	t := table{reasons: map[string]string{}, effects: map[string]effect{}}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	columns := strings.Split(lines[0], "\t")
	for _, line := range lines[1:] {
		cells := strings.Split(line, "\t")
		if len(cells) != len(columns) {
			return table{}, fmt.Errorf("%s: %d cells in the row %q", path, len(cells), line)
		}
		cell := func(name string) string { return cells[slices.Index(columns, name)] }
		wait, err := duration(cell("wait"))
		if err != nil {
			return table{}, fmt.Errorf("%s: %s: %w", path, cell("code"), err)
		}
		t.reasons[cell("code")] = cell("reason")
		t.effects[cell("reason")] = effect{cell("status"), cell("retry"), cell("outcome"), wait}
	}
	return t, nil
}

// overlays are the entries whose meaning is not that of their code's row: the
// mapping gives these responses the reason of another row.
func overlays() map[string]string {
	return map[string]string{
		"cbc-tf-0150-wrong-site":             "WRONG_SITE",               // the message says so, as row 0156
		"cbc-cloudmux-0150-compact":          "WRONG_SITE",               // the same, compact
		"cbc-hcloud-no-code-not-partner":     "NOT_A_PARTNER",            // known text without a code, as row 5001
		"cbc-portal-200-empty-not-logged-in": "TOKEN_INVALID_OR_EXPIRED", // HW-AJAX-REDIRECT, as row 0154
		"rep-0101-exceptionId":               "TOKEN_INVALID_OR_EXPIRED", // console session envelope, as row 0154
	}
}

// alternatives are further codes an answer may carry where the mapping leaves
// the reading open; "" is an answer without a code. The code and the reason
// must still belong together.
func alternatives() map[string][]string {
	return map[string][]string{
		// The number repeats the HTTP status. The corpus calls it a code here,
		// and no service code in its two sisters (old-err_code-numeric-404,
		// old-itemNotFound-wrapper-404); a daemon of one mind fails one side.
		"iam-nested-numeric-code-401": {""},
		// Neither object outranks the other in the corpus; ours takes the first,
		// as its README says.
		"syn-two-nested-objects": {"CBC.0100"},
	}
}

// readings lists the acceptable meanings of an entry, the preferred one first.
func (t table) readings(e entry) []meaning {
	if reason, found := overlays()[e.ID]; found {
		return []meaning{{e.Expect.Code, reason, t.effects[reason]}}
	}
	if e.Expect.Kind == "partial" && e.Expect.Code == "" {
		return []meaning{{"", "PARTIAL_FAILURE", t.effects["PARTIAL_FAILURE"]}}
	}
	readings := []meaning{t.reading(e.Expect.Code, e)}
	if e.Expect.RecoverableCode != "" {
		readings = []meaning{t.reading(e.Expect.RecoverableCode, e)} // no shape fits the body, but the code in it is certain
	}
	for _, code := range alternatives()[e.ID] {
		readings = append(readings, t.reading(code, e))
	}
	return readings
}

// reading is the meaning of a code in an entry: its row's, or what the mapping
// says of codes outside the table. Twins are never computed, so CBC.6074 is
// unrecognized although CBC.99006074 has a row.
func (t table) reading(code string, e entry) meaning {
	if reason, found := t.reasons[code]; found {
		return meaning{code, reason, t.effects[reason]}
	}
	effect := fallback(e.HTTPStatus)
	effect.wait = time.Duration(e.Expect.WindowSeconds) * time.Second
	switch {
	case code == "":
		return meaning{code, "UNRECOGNIZED_RESPONSE", effect}
	case strings.HasPrefix(code, "CBC"):
		return meaning{code, "UNRECOGNIZED_CODE", effect}
	}
	return meaning{code, "FOREIGN_CODE", effect}
}

// fallback is the mapping's table for codes that have no row.
func fallback(httpStatus int) effect {
	byStatus := map[int]effect{
		401: {status: "UNAUTHENTICATED", retry: "FIX_STATE", outcome: "NOT_APPLIED"},
		403: {status: "PERMISSION_DENIED", retry: "FIX_STATE", outcome: "NOT_APPLIED"},
		404: {status: "NOT_FOUND", retry: "FIX_STATE", outcome: "NOT_APPLIED"},
		408: {status: "DEADLINE_EXCEEDED", retry: "VERIFY_FIRST", outcome: "UNKNOWN"},
		409: {status: "ABORTED", retry: "VERIFY_FIRST", outcome: "UNKNOWN"},
		429: {status: "RESOURCE_EXHAUSTED", retry: "BACKOFF", outcome: "NOT_APPLIED"},
		502: {status: "UNAVAILABLE", retry: "VERIFY_FIRST", outcome: "UNKNOWN"},
		503: {status: "UNAVAILABLE", retry: "VERIFY_FIRST", outcome: "UNKNOWN"},
		504: {status: "DEADLINE_EXCEEDED", retry: "VERIFY_FIRST", outcome: "UNKNOWN"},
	}
	if known, found := byStatus[httpStatus]; found {
		return known
	}
	if httpStatus/100 == 4 {
		return effect{status: "FAILED_PRECONDITION", retry: "FIX_STATE", outcome: "NOT_APPLIED"}
	}
	return effect{status: "UNKNOWN", retry: "VERIFY_FIRST", outcome: "UNKNOWN"}
}
