package catalog

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The names that cells may have. No business API returns DATA_LOSS or CANCELLED, and only a gateway returns UNIMPLEMENTED.
const (
	statusNames = `OK UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED
		RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE INTERNAL UNAVAILABLE UNAUTHENTICATED`
	retryNames   = "CHANGE_REQUEST FIX_STATE BACKOFF BACKOFF_IF_IDEMPOTENT VERIFY_FIRST"
	outcomeNames = "NOT_APPLIED APPLIED ALREADY_APPLIED PARTIALLY_APPLIED IN_PROGRESS UNKNOWN"
	detailKinds  = "field|precondition|quota|resource"
)

// reasonPattern matches a reason. Google's ErrorInfo asks for it.
const reasonPattern = `^[A-Z][A-Z0-9_]{1,61}[A-Z0-9]$`

// codeRules are about each row of codes.tsv, in addition to entryRules.
func codeRules() []rule {
	return []rule{
		matches("code", `^CBC\.([0-9]{4}|[1-9][0-9]{7})$`, "CBC. and 4 digits, or 8 that do not begin with 0"),
		{"http", codeHTTP, "100-599; it may be empty if the source is not page"},
		oneOf("status", strings.Fields(statusNames)...),
	}
}

// entryRules are about each row of codes.tsv and gateway.tsv.
func entryRules() []rule {
	names := strings.Fields(retryNames)
	return []rule{
		{"status", func(r record) bool { return succeeds(r) == (r.cells["status"] == "OK") }, "OK for CBC.0000 and MKT.0000, and for no other code"},
		matches("reason", reasonPattern, "capital letters, digits and _, at most 63"),
		{"retry", retryFits, "one of " + list(names) + "; empty for a success code"},
		oneOf("outcome", strings.Fields(outcomeNames)...),
		{"wait", waitFits, "empty, or whole seconds up to 1h if retry is BACKOFF or BACKOFF_IF_IDEMPOTENT"},
		{"outcome", moneySafe, "NOT_APPLIED, APPLIED or ALREADY_APPLIED if clients repeat the call by themselves: " +
			"status UNAVAILABLE, RESOURCE_EXHAUSTED or ABORTED, or a wait. CBC.99003115 is the only exception"},
		{"detail", detailFits(), "words like field:name,name; the kinds are " + strings.ReplaceAll(detailKinds, "|", ", ")},
		matches("en", `.`, "a text"),
		english("en"), chinese("zh-CN"),
		atMost("en", 512), atMost("zh-CN", MaxText), // trailers of at most 6 KiB contain both texts twice
		{"en", unlike("en", placeholderPattern), "without placeholders"},
		{"zh-CN", unlike("zh-CN", placeholderPattern), "without placeholders"},
		matches("source", `^[A-Za-z][A-Za-z0-9 ,;:()/_-]{0,63}$`, "a page's name for people, at most 64 ASCII letters, digits, blanks and ,;:()/_-"),
		{"translated", translatedFits, "empty if the source is page, else empty, en, zh-CN or en,zh-CN"},
	}
}

const placeholderPattern = `%[(a-z]|[{}]`

func unlike(column, pattern string) func(record) bool {
	like := matching(column, pattern)
	return func(r record) bool { return !like(r) }
}

// codeHTTP: the page documents the HTTP status of each of its codes; other sources may not.
func codeHTTP(r record) bool {
	return isHTTPStatus(r.cells["http"]) || r.cells["http"] == "" && r.cells["source"] != Page
}

func succeeds(r record) bool { return r.cells["code"] == "CBC.0000" || r.cells["code"] == "MKT.0000" }

// retryFits: a success needs no advice, every error does.
func retryFits(r record) bool {
	return succeeds(r) && r.cells["retry"] == "" || !succeeds(r) && slices.Contains(strings.Fields(retryNames), r.cells["retry"])
}

// waitFits: a wait says that the same call may succeed after it. It is in whole seconds.
func waitFits(r record) bool {
	if r.cells["wait"] == "" {
		return true
	}
	d, err := time.ParseDuration(r.cells["wait"])
	backoff := r.cells["retry"] == "BACKOFF" || r.cells["retry"] == "BACKOFF_IF_IDEMPOTENT"
	return backoff && err == nil && d > 0 && d <= time.Hour && d%time.Second == 0
}

// moneySafe: if the call may have taken effect, nothing may cause an automatic retry. CBC.99003115 is an exception, because
// its text orders a retry. If it becomes safe, remove the exception.
func moneySafe(r record) bool {
	open := slices.Contains([]string{"IN_PROGRESS", "UNKNOWN", "PARTIALLY_APPLIED"}, r.cells["outcome"])
	repeated := slices.Contains([]string{"UNAVAILABLE", "RESOURCE_EXHAUSTED", "ABORTED"}, r.cells["status"]) || r.cells["wait"] != ""
	return (open && repeated) == (r.cells["code"] == "CBC.99003115")
}

func detailFits() func(record) bool {
	word := regexp.MustCompile(`^(` + detailKinds + `):[A-Za-z0-9_]+(,[A-Za-z0-9_]+)*$`)
	return func(r record) bool {
		return !slices.ContainsFunc(strings.Fields(r.cells["detail"]), func(s string) bool { return !word.MatchString(s) })
	}
}

// translatedFits: the page has both texts of its codes. For other sources this project may have translated one or both.
func translatedFits(r record) bool {
	if r.cells["source"] == Page {
		return r.cells["translated"] == ""
	}
	return slices.Contains([]string{"", "en", "zh-CN", "en,zh-CN"}, r.cells["translated"])
}

// checkCodes checks the rows of codes.tsv and what they share with those of gateway.tsv.
func checkCodes(all *tables) []error {
	return slices.Concat(check(all.codes, codeRules()), check(all.entries(), entryRules()),
		checkSorted(all.codes, "code", compareDigits), checkReasonsAgree(all))
}

// compareDigits is the order of codes.tsv.
func compareDigits(a, b record) int { return cmp.Compare(digits(a), digits(b)) }

// digits returns the number that codes.tsv is sorted by; -1 if there is none.
func digits(r record) int {
	n, err := strconv.Atoi(strings.TrimPrefix(r.cells["code"], "CBC."))
	if err != nil {
		return -1
	}
	return n
}

// meaningColumns are the columns in which all rows of a reason are equal, as callers branch on the reason.
var meaningColumns = []string{"status", "retry", "outcome", "wait", "detail"}

func checkReasonsAgree(all *tables) (errs []error) {
	first := map[string]record{}
	for _, r := range all.entries() {
		other, ok := first[r.cells["reason"]]
		if !ok {
			first[r.cells["reason"]] = r
			continue
		}
		for _, column := range meaningColumns {
			if r.cells[column] != other.cells[column] {
				errs = append(errs, r.broken(column, quote(other.cells[column])+" as in "+other.place+", which has the same reason"))
			}
		}
	}
	return errs
}
