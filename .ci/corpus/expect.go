package main

import (
	"cmp"
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

// checks returns the check of each key of "expect". The keys that only kind.go
// knows are replaced before.
func checks() map[string]checker {
	code, upstream := metadata("code"), metadata("upstreamMessage")
	return map[string]checker{
		"status":                        isStatus,
		"status_not":                    isNot(statusName),
		"reason":                        is(reason),
		"retry":                         is(metadata("retry")),
		"retry_not":                     isNot(metadata("retry")),
		"outcome":                       is(metadata("outcome")),
		"outcome_not":                   isNot(metadata("outcome")),
		"retry_info":                    is(retryDelay), // null: there must be none
		"retry_after_s":                 is(retryAfter),
		"wait":                          is(wait),
		"match":                         is(metadata("match")),
		"code":                          is(code),
		"not_code":                      isNot(code),
		"code_not_prefix":               hasNoPrefix(code),
		"message":                       contains(upstream, "%v"),
		"upstreamMessage":               is(upstream),
		"upstreamMessage contains":      contains(upstream, "%v"),
		"limit":                         contains(upstream, "limit:%v"),
		"policy":                        contains(upstream, "policy %v"),
		"items":                         hasItems,
		"only_items":                    hasOnlyItems,
		"id":                            is(itemID),
		"field":                         is(fields),
		"fields":                        hasFields,
		"httpStatus":                    is(metadata("httpStatus")),
		"requestId":                     is(requestID),
		"request_id":                    is(requestID),
		"domain_id":                     is(metadata("domainId")),
		"iam_action":                    is(metadata("missingPermission")),
		"encoded_authorization_message": is(metadata("encodedAuthorizationMessage")),
	}
}

func statusName(a answer) string { return a.Status.name() }
func reason(a answer) string     { return a.Status.info().Reason }
func wait(a answer) string       { return a.Status.wait() }
func fields(a answer) string     { return a.Status.fields() }
func itemID(a answer) string     { return a.id }

func metadata(key string) getter {
	return func(a answer) string { return a.Status.info().Metadata[key] }
}

func requestID(a answer) string {
	d, _ := a.Status.detail("google.rpc.RequestInfo")
	return d.RequestID
}

// retryDelay returns the delay of RetryInfo as sent, "" without RetryInfo.
func retryDelay(a answer) string {
	d, _ := a.Status.detail("google.rpc.RetryInfo")
	return d.RetryDelay
}

// retryAfter returns the seconds of RetryInfo or, where the answer may not have
// it, of the metadata.
func retryAfter(a answer) string {
	return cmp.Or(strings.TrimSuffix(retryDelay(a), "s"), metadata("retryAfter")(a))
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

// anyOf reports whether one of the wanted values was seen. Null is nothing.
func anyOf(want any, got string) bool {
	return want == nil && got == "" || slices.ContainsFunc(list(want), func(one any) bool { return fmt.Sprint(one) == got })
}

func is(get getter) checker {
	return func(want any, seen answer) string {
		if anyOf(want, get(seen)) {
			return ""
		}
		return fmt.Sprintf("want %q, got %q", list(want), get(seen))
	}
}

func isNot(get getter) checker {
	return func(want any, seen answer) string {
		if anyOf(want, get(seen)) {
			return fmt.Sprintf("want anything but %q", get(seen))
		}
		return ""
	}
}

func contains(get getter, format string) checker {
	return func(want any, seen answer) string {
		if part := fmt.Sprintf(format, want); !strings.Contains(get(seen), part) {
			return fmt.Sprintf("want %q in %q", part, get(seen))
		}
		return ""
	}
}

func hasNoPrefix(get getter) checker {
	return func(want any, seen answer) string {
		if strings.HasPrefix(get(seen), fmt.Sprint(want)) {
			return fmt.Sprintf("want no %q, got %q", want, get(seen))
		}
		return ""
	}
}

// isStatus understands a name, a number and "not 0".
func isStatus(want any, seen answer) string {
	switch {
	case want == "not 0":
		return isNot(statusName)("OK", seen)
	case anyOf(want, fmt.Sprint(seen.Status.Code)):
		return ""
	}
	return is(statusName)(want, seen)
}

func hasFields(want any, seen answer) string {
	return is(fields)(strings.Trim(fmt.Sprint(want), "[]"), seen)
}

// hasItems demands that each expected item is among the answer's.
func hasItems(want any, seen answer) string {
	for _, one := range list(want) {
		if !slices.ContainsFunc(seen.Items, func(i item) bool { return len(i.check(one)) == 0 }) {
			return fmt.Sprintf("want %v, got %v", one, seen.Items)
		}
	}
	return ""
}

// hasOnlyItems demands the expected items in order, and no others.
func hasOnlyItems(want any, seen answer) string {
	expected := list(want)
	if len(expected) != len(seen.Items) {
		return fmt.Sprintf("want %d, got %v", len(expected), seen.Items)
	}
	for i, one := range expected {
		if f := seen.Items[i].check(one); len(f) > 0 {
			return fmt.Sprintf("item %d: %s", i, f)
		}
	}
	return ""
}

// check judges an item as an answer of its own.
func (i item) check(want any) faults {
	x, _ := want.(map[string]any)
	return check(x, answer{Status: i.Status, id: i.ID})
}
