package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
)

// expectation is a part of a translation, by the keys of keys and kind.go. A list stands for any of its members.
type expectation map[string]any

// facts are the values of a status, or of a failed item, that an expectation can name.
type facts map[string]string

// factsOf returns the facts of a translation and of its failed items.
func factsOf(t *errorv1.Translation) (whole facts, items []facts) {
	for _, item := range t.GetItems() {
		items = append(items, statusFacts(item.GetId(), item.GetStatus()))
	}
	return statusFacts("", t.GetStatus()), items
}

func statusFacts(id string, s *statuspb.Status) facts {
	info, retry := golden.Detail[errdetails.ErrorInfo](s), golden.Detail[errdetails.RetryInfo](s)
	f := facts{"id": id, "status": code.Code(s.GetCode()).String(), "reason": info.GetReason()}
	maps.Copy(f, info.GetMetadata())
	if retry != nil {
		f["wait"] = retry.GetRetryDelay().AsDuration().String()
		f["retryAfter"] = fmt.Sprint(retry.GetRetryDelay().AsDuration().Seconds())
	}
	f["requestId"] = golden.Detail[errdetails.RequestInfo](s).GetRequestId()
	var fields []string
	for _, v := range golden.Detail[errdetails.BadRequest](s).GetFieldViolations() {
		fields = append(fields, v.GetField())
	}
	f["fields"] = strings.Join(fields, " ")
	return f
}

// A key of an expectation compares a fact with a wanted value. If it is negated, no wanted value may match.
type key struct {
	fact    string
	matches func(got, want string) bool
	negated bool
}

func equals(got, want string) bool     { return got == want }
func equalsWait(got, want string) bool { return got == wait(want) }
func isStatus(got, want string) bool   { return got == want || want == "not 0" && got != "OK" }
func hasLimit(got, want string) bool   { return strings.Contains(got, "limit:"+want) }
func hasPolicy(got, want string) bool  { return strings.Contains(got, "policy "+want) }

// keys returns the keys of an expectation, besides items and those of kind.go.
func keys() map[string]key {
	return map[string]key{
		"status": {"status", isStatus, false}, "status_not": {"status", isStatus, true},
		"reason": {"reason", equals, false}, "match": {"match", equals, false}, "httpStatus": {"httpStatus", equals, false}, "id": {"id", equals, false},
		"retry": {"retry", equals, false}, "retry_not": {"retry", equals, true},
		"outcome": {"outcome", equals, false}, "outcome_not": {"outcome", equals, true},
		"retry_info": {"wait", equalsWait, false}, "wait": {"wait", equalsWait, false}, "retry_after_s": {"retryAfter", equals, false},
		"code": {"code", equals, false}, "not_code": {"code", equals, true}, "code_not_prefix": {"code", strings.HasPrefix, true},
		"message": {"upstreamMessage", strings.Contains, false}, "upstreamMessage": {"upstreamMessage", equals, false},
		"upstreamMessage contains": {"upstreamMessage", strings.Contains, false},
		"limit":                    {"upstreamMessage", hasLimit, false}, "policy": {"upstreamMessage", hasPolicy, false},
		"field": {"fields", equals, false}, "fields": {"fields", equals, false},
		"requestId": {"requestId", equals, false}, "request_id": {"requestId", equals, false}, "domain_id": {"domainId", equals, false},
		"iam_action": {"missingPermission", equals, false}, "encoded_authorization_message": {"encodedAuthorizationMessage", equals, false},
	}
}

// validate returns an error if the expectation is empty or has an unknown key.
func (x expectation) validate() error {
	if len(x) == 0 {
		return errors.New("nothing is expected")
	}
	if kind, found := x["kind"]; found && !slices.Contains(kinds(), fmt.Sprint(kind)) {
		return fmt.Errorf("unknown kind %q", kind)
	}
	for name := range x {
		if _, known := keys()[name]; !known && renamed()[name] == "" && !slices.Contains(ofKind(), name) && name != "items" {
			return fmt.Errorf("unknown key %q in expect", name)
		}
	}
	for _, item := range list(x["items"]) {
		members, _ := item.(map[string]any)
		if err := expectation(members).validate(); err != nil {
			return fmt.Errorf("item %v: %w", item, err)
		}
	}
	return nil
}

// faults returns the differences between the expectation and a translation.
func (x expectation) faults(seen facts, items []facts) (all []string) {
	for _, name := range slices.Sorted(maps.Keys(x)) {
		switch key, known := keys()[name]; {
		case name == "items":
			for _, want := range list(x[name]) {
				if !slices.ContainsFunc(items, func(got facts) bool { return len(ofItem(want).faults(got, nil)) == 0 }) {
					all = append(all, fmt.Sprintf("items: want %v, got %v", want, items))
				}
			}
		case name == "only items":
			if !slices.EqualFunc(list(x[name]), items, func(want any, got facts) bool { return len(ofItem(want).faults(got, nil)) == 0 }) {
				all = append(all, fmt.Sprintf("items: want only %v, got %v", x[name], items))
			}
		case !known || !key.holds(x[name], seen[key.fact]):
			all = append(all, fmt.Sprintf("%s: want %v, got %q", name, x[name], seen[key.fact]))
		}
	}
	return all
}

// holds reports whether a fact has the wanted value, or one of a list.
func (k key) holds(want any, got string) bool {
	wanted := list(want)
	if want == nil { // there must be none
		wanted = []any{""}
	}
	return slices.ContainsFunc(wanted, func(one any) bool {
		if number, ok := one.(float64); ok && k.fact == "status" {
			one = code.Code(number)
		}
		return k.matches(got, fmt.Sprint(one))
	}) != k.negated
}

func ofItem(want any) expectation {
	x, _ := want.(map[string]any)
	return x
}

// list returns the members of a list. Null is an empty list, another value a list of one.
func list(want any) []any {
	switch want := want.(type) {
	case nil:
		return nil
	case []any:
		return want
	}
	return []any{want}
}
