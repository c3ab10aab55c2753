package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// answer is the REST form of a translation. Defaults may be omitted in it, so
// a missing code is 0.
type answer struct {
	whole  any    // all of it, to be compared
	Status status `json:"status"`
	Items  []struct {
		ID     string `json:"id"`
		Status status `json:"status"`
	} `json:"items"`
}

type status struct {
	Code    int               `json:"code"`
	Details []json.RawMessage `json:"details"`
}

type errorInfo struct {
	Reason   string            `json:"reason"`
	Domain   string            `json:"domain"`
	Metadata map[string]string `json:"metadata"`
}

type localizedMessage struct {
	Locale  string `json:"locale"`
	Message string `json:"message"`
}

type requestInfo struct {
	RequestID string `json:"requestId"`
}

type retryInfo struct {
	RetryDelay string `json:"retryDelay"`
}

type badRequest struct {
	FieldViolations []struct {
		Field string `json:"field"`
	} `json:"fieldViolations"`
}

// info is the answer's ErrorInfo, empty where upstream succeeded.
func (a answer) info() errorInfo {
	info, _ := find[errorInfo](a.Status, "google.rpc.ErrorInfo")
	return info
}

// String is the answer in a few words, for the lines people read.
func (a answer) String() string {
	info := a.info()
	return strings.TrimSpace(fmt.Sprintf("code %d %s %s", a.Status.Code, info.Reason, info.Metadata["code"]))
}

// find returns the detail of a type and whether the status has one.
func find[T any](s status, name string) (T, bool) {
	var detail T
	for _, raw := range s.Details {
		var typed struct {
			Type string `json:"@type"`
		}
		if json.Unmarshal(raw, &typed) == nil && typed.Type == "type.googleapis.com/"+name {
			return detail, json.Unmarshal(raw, &detail) == nil
		}
	}
	return detail, false
}

// faults are the differences between what was expected and what was seen.
type faults []string

func (f faults) String() string { return strings.Join(f, "; ") }

func (f *faults) compare(what, want, got string) {
	if want != got {
		*f = append(*f, fmt.Sprintf("%s: want %q, got %q", what, want, got))
	}
}

func (f *faults) demand(what string, present bool) {
	if !present {
		*f = append(*f, "want "+what+", got none")
	}
}

// judge compares an answer with its entry. Of several acceptable readings one
// has to fit; the faults reported are those against the preferred one.
func judge(e entry, a answer, t table) faults {
	if e.Expect.Kind == "success" {
		return judgeSuccess(a)
	}
	var found faults
	for i, m := range t.readings(e) {
		against := judgeStatus(m, e.Expect, a.Status)
		if len(against) == 0 {
			found = nil
			break
		}
		if i == 0 {
			found = against
		}
	}
	return append(found, judgeItems(e, a, t)...)
}

// judgeSuccess: upstream succeeded, and then nothing is said about codes.
func judgeSuccess(a answer) faults {
	var f faults
	f.compare("status code", "0", fmt.Sprint(a.Status.Code))
	f.compare("details", "0", fmt.Sprint(len(a.Status.Details)))
	f.compare("items", "0", fmt.Sprint(len(a.Items)))
	return f
}

// judgeItems: the expected items in order, and no others.
func judgeItems(e entry, a answer, t table) faults {
	var f faults
	want := e.Expect.failedItems()
	f.compare("items", fmt.Sprint(len(want)), fmt.Sprint(len(a.Items)))
	for i := range min(len(want), len(a.Items)) {
		f.compare(fmt.Sprintf("item %d id", i), want[i].itemID(), a.Items[i].ID)
		for _, fault := range judgeStatus(t.reading(want[i].Code, e), want[i], a.Items[i].Status) {
			f = append(f, fmt.Sprintf("item %d %s", i, fault))
		}
	}
	return f
}

// judgeStatus compares a status with one meaning and the facts around it.
func judgeStatus(m meaning, x expectation, s status) faults {
	var f faults
	info, _ := find[errorInfo](s, "google.rpc.ErrorInfo")
	f.compare("domain", "cbc.huaweicloud.com", info.Domain)
	f.compare("reason", m.reason, info.Reason)
	f.compare("code", m.code, info.Metadata["code"])
	f.compare("status", m.status, statusName(s.Code))
	f.compare("retry", m.retry, info.Metadata["retry"])
	f.compare("outcome", m.outcome, info.Metadata["outcome"])
	f.compare("wait", m.wait.String(), delay(s))
	judgeFacts(&f, x, info.Metadata)
	judgeDetails(&f, x, s)
	return f
}

// judgeFacts: what the response says beside its code; the corpus lists only
// some of it, so what it leaves out is not judged.
func judgeFacts(f *faults, x expectation, metadata map[string]string) {
	facts := []struct{ key, want string }{
		{"upstreamMessage", cut(x.Message, 1<<10)},
		{"missingPermission", x.IAMAction},
		{"domainId", x.DomainID},
		{"encodedAuthorizationMessage", x.EncodedMessage},
	}
	for _, fact := range facts {
		if fact.want != "" {
			f.compare(fact.key, fact.want, metadata[fact.key])
		}
	}
	if x.Kind == "cbc-inferred" {
		// A code we completed must never pass for one upstream sent.
		f.compare("match", "INFERRED", metadata["match"])
	}
}

func judgeDetails(f *faults, x expectation, s status) {
	_, has := find[struct{}](s, "cbc.error.v1.CbcError")
	f.demand("CbcError", has)
	text, _ := find[localizedMessage](s, "google.rpc.LocalizedMessage")
	f.demand("LocalizedMessage", text.Locale != "" && text.Message != "")
	if x.RequestID != "" {
		request, _ := find[requestInfo](s, "google.rpc.RequestInfo")
		f.compare("request id", x.RequestID, request.RequestID)
	}
	if want := x.violatedFields(); len(want) > 0 {
		f.compare("fields", strings.Join(want, ","), strings.Join(fields(s), ","))
	}
}

func fields(s status) []string {
	request, _ := find[badRequest](s, "google.rpc.BadRequest")
	var names []string
	for _, violation := range request.FieldViolations {
		names = append(names, violation.Field)
	}
	return names
}

// delay is the wait of a status as a duration prints; without RetryInfo 0s.
func delay(s status) string {
	info, _ := find[retryInfo](s, "google.rpc.RetryInfo")
	wait, err := duration(info.RetryDelay)
	if err != nil {
		return info.RetryDelay
	}
	return wait.String()
}

// duration reads the waits of the table and of the answers; an empty one is 0.
func duration(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	return time.ParseDuration(text)
}

// statusName is the name of a canonical code.
func statusName(code int) string {
	names := strings.Fields(`OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS
		PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL
		UNAVAILABLE DATA_LOSS UNAUTHENTICATED`)
	if code < 0 || code >= len(names) {
		return fmt.Sprint(code)
	}
	return names[code]
}

// cut shortens to at most limit bytes without splitting a rune.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}
