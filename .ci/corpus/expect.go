package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// faults are the differences between what is expected and what was seen.
type faults []string

func (f faults) String() string { return strings.Join(f, "; ") }

// checker compares one expected value with an answer and returns what differs.
type checker func(want any, seen answer) string

// getter reads one fact of an answer.
type getter func(seen answer) string

// check returns what of an expectation an answer does not fulfil.
func check(x expectation, seen answer) faults {
	var f faults
	for _, key := range slices.Sorted(maps.Keys(x)) {
		compare := checks()[key]
		if compare == nil {
			f = append(f, fmt.Sprintf("unknown key %q", key))
		} else if fault := compare(x[key], seen); fault != "" {
			f = append(f, key+": "+fault)
		}
	}
	return f
}

// checks returns the check of each key of "expect". The keys of kind.go are
// replaced before.
func checks() map[string]checker {
	statusName := func(a answer) string { return a.Status.name() }
	reason := func(a answer) string { return a.Status.info().Reason }
	requestID := func(a answer) string { d, _ := a.Status.detail("google.rpc.RequestInfo"); return d.RequestID }
	wait := func(a answer) string { return a.Status.wait() }
	upstream := metadata("upstreamMessage")
	return map[string]checker{
		"status":                        statusIs,
		"status_not":                    isNot(statusName),
		"reason":                        is(reason),
		"retry":                         is(metadata("retry")),
		"retry_not":                     isNot(metadata("retry")),
		"outcome":                       is(metadata("outcome")),
		"outcome_not":                   isNot(metadata("outcome")),
		"retry_info":                    retryInfo,
		"retry_after_s":                 retryAfter,
		"wait":                          is(wait),
		"match":                         is(metadata("match")),
		"code":                          is(metadata("code")),
		"not_code":                      isNot(metadata("code")),
		"code_not_prefix":               codeNotPrefix,
		"message":                       contains(upstream, "%v"),
		"upstreamMessage":               is(upstream),
		"upstreamMessage contains":      contains(upstream, "%v"),
		"limit":                         contains(upstream, "limit:%v"),
		"policy":                        contains(upstream, "policy %v"),
		"items":                         hasItems,
		"only_items":                    onlyItems,
		"id":                            is(func(a answer) string { return a.id }),
		"field":                         is(func(a answer) string { return a.Status.fields() }),
		"fields":                        fieldsAre,
		"httpStatus":                    is(metadata("httpStatus")),
		"requestId":                     is(requestID),
		"request_id":                    is(requestID),
		"domain_id":                     is(metadata("domainId")),
		"iam_action":                    is(metadata("missingPermission")),
		"encoded_authorization_message": is(metadata("encodedAuthorizationMessage")),
	}
}

func metadata(key string) getter {
	return func(a answer) string { return a.Status.info().Metadata[key] }
}

// list returns the members of a list; another value is a list of one.
func list(want any) []any {
	switch want := want.(type) {
	case nil:
		return nil
	case []any:
		return want
	}
	return []any{want}
}

func anyOf(want any, got string) bool {
	return slices.ContainsFunc(list(want), func(one any) bool { return fmt.Sprint(one) == got })
}

func is(get getter) checker {
	return func(want any, seen answer) string {
		if anyOf(want, get(seen)) {
			return ""
		}
		return fmt.Sprintf("want %q, got %q", want, get(seen))
	}
}

func isNot(get getter) checker {
	return func(want any, seen answer) string {
		if anyOf(want, get(seen)) {
			return fmt.Sprintf("want it not to be %q", get(seen))
		}
		return ""
	}
}

func contains(get getter, format string) checker {
	return func(want any, seen answer) string {
		if strings.Contains(get(seen), fmt.Sprintf(format, want)) {
			return ""
		}
		return fmt.Sprintf("want %q in %q", fmt.Sprintf(format, want), get(seen))
	}
}

// statusIs understands a name, a number and "not 0".
func statusIs(want any, seen answer) string {
	if want == "not 0" {
		return isNot(func(a answer) string { return fmt.Sprint(a.Status.Code) })("0", seen)
	}
	if anyOf(want, fmt.Sprint(seen.Status.Code)) {
		return ""
	}
	return is(func(a answer) string { return a.Status.name() })(want, seen)
}

// retryInfo checks that there is none for null, else its delay.
func retryInfo(want any, seen answer) string {
	_, found := seen.Status.detail("google.rpc.RetryInfo")
	switch {
	case want == nil && found:
		return "want none, got " + seen.Status.wait()
	case want != nil && !anyOf(want, seen.Status.wait()):
		return fmt.Sprintf("want %v, got %s", want, seen.Status.wait())
	}
	return ""
}

// retryAfter looks for the seconds in RetryInfo, or in the metadata if no
// RetryInfo is allowed.
func retryAfter(want any, seen answer) string {
	if anyOf(fmt.Sprintf("%vs", want), seen.Status.wait()) || anyOf(want, seen.Status.info().Metadata["retryAfter"]) {
		return ""
	}
	return fmt.Sprintf("want %v s, got %s", want, seen.Status.wait())
}

func codeNotPrefix(want any, seen answer) string {
	if code := metadata("code")(seen); strings.HasPrefix(code, fmt.Sprint(want)) {
		return fmt.Sprintf("want no %q, got %q", want, code)
	}
	return ""
}

func fieldsAre(want any, seen answer) string {
	var names []string
	for _, name := range list(want) {
		names = append(names, fmt.Sprint(name))
	}
	return is(func(a answer) string { return a.Status.fields() })(strings.Join(names, ","), seen)
}

// hasItems demands that each expected item is among the answer's.
func hasItems(want any, seen answer) string {
	for _, one := range list(want) {
		found := slices.ContainsFunc(seen.Items, func(i item) bool { return len(checkItem(one, i)) == 0 })
		if !found {
			return fmt.Sprintf("want %v, got %v", one, seen.Items)
		}
	}
	return ""
}

// onlyItems demands the expected items in order, and no others.
func onlyItems(want any, seen answer) string {
	expected := list(want)
	if len(expected) != len(seen.Items) {
		return fmt.Sprintf("want %d, got %v", len(expected), seen.Items)
	}
	for i, one := range expected {
		if f := checkItem(one, seen.Items[i]); len(f) > 0 {
			return fmt.Sprintf("item %d: %s", i, f)
		}
	}
	return ""
}

// checkItem judges an item as an answer of its own.
func checkItem(want any, i item) faults {
	x, _ := want.(map[string]any)
	return check(x, answer{Status: i.Status, id: i.ID})
}
