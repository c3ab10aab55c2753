package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// law returns what is wrong with a status of an answer to an entry, if anything.
type law func(e entry, s status, c catalog) string

// breaches returns the laws that an answer breaks, itself or by its items.
func breaches(e entry, seen answer, c catalog) faults {
	var f faults
	judge := func(who string, s status, laws ...law) {
		for _, law := range laws {
			if fault := law(e, s, c); fault != "" {
				f = append(f, who+fault)
			}
		}
	}
	judge("law: ", seen.Status, hasDetails, retriesByAdvice, followsRow)
	for _, item := range seen.Items {
		judge(fmt.Sprintf("law: item %q: ", item.ID), item.Status, isFailure, hasDetails, retriesByAdvice, followsRow)
	}
	if len(seen.Items) > 0 {
		judge("law: with failed items ", seen.Status, isFailure, isCareful)
	}
	if e.succeeded() && holdsData(e.body()) {
		judge("law: with data beside it ", seen.Status, isCareful, isLeftAlone)
	}
	return f
}

func isFailure(_ entry, s status, _ catalog) string {
	if s.Code == 0 {
		return "the status must not be OK"
	}
	return ""
}

// hasDetails: a failure has the details that clients read, a success has none.
func hasDetails(_ entry, s status, _ catalog) string {
	text, _ := s.detail("google.rpc.LocalizedMessage")
	_, typed := s.detail("cbc.error.v1.CbcError")
	switch {
	case s.Code == 0 && len(s.Details) > 0:
		return "OK must not have details"
	case s.Code == 0:
		return ""
	case s.info().Reason == "" || s.info().Domain != "cbc.huaweicloud.com":
		return "a failure must have an ErrorInfo with reason and upstream's domain"
	case !typed || text.Locale == "" || text.Message == "":
		return "a failure must have a CbcError and a LocalizedMessage"
	}
	return ""
}

// retriesByAdvice: RetryInfo stands only beside advice to repeat.
func retriesByAdvice(_ entry, s status, _ catalog) string {
	_, found := s.detail("google.rpc.RetryInfo")
	if retry := s.info().Metadata["retry"]; found && !strings.HasPrefix(retry, "BACKOFF") {
		return "RetryInfo must not stand beside " + retry
	}
	return ""
}

// isCareful: something may have happened, so nothing may tell otherwise.
func isCareful(_ entry, s status, _ catalog) string {
	_, found := s.detail("google.rpc.RetryInfo")
	m := s.info().Metadata
	if found || m["retry"] == "BACKOFF" || m["outcome"] == "NOT_APPLIED" {
		return fmt.Sprintf("there must be no BACKOFF, NOT_APPLIED or RetryInfo, got %s %s %s", m["retry"], m["outcome"], s.wait())
	}
	return ""
}

// isLeftAlone: the status is none that gRPC clients retry unasked.
func isLeftAlone(_ entry, s status, _ catalog) string {
	if slices.Contains(repeatedByClients(), s.name()) {
		return "the status must not be " + s.name()
	}
	return ""
}

// followsRow: a code of the tables has the meaning of its row or, if the
// response is not certain, the careful form of it. An overlay has another row.
func followsRow(e entry, s status, c catalog) string {
	m := s.info().Metadata
	row, found := c.lookup(m["code"], e.HTTPStatus)
	if !found || row.status == "OK" || m["match"] == "OVERLAY" {
		return ""
	}
	got := meaning{s.name(), s.info().Reason, m["retry"], m["outcome"], 0}
	got.wait, _ = time.ParseDuration(s.wait())
	if row.wait > 0 && got.wait > 0 && (e.header("Retry-After") != "" || strings.Contains(m["upstreamMessage"], "time:")) {
		got.wait = row.wait // the response states its own
	}
	if slices.Contains([]meaning{row, row.careful("UNKNOWN"), row.careful("PARTIALLY_APPLIED")}, got) {
		return ""
	}
	return fmt.Sprintf("the row of %s is %v, got %v", m["code"], row, got)
}

// holdsData reports whether the body is an object with a non-empty member that
// is not the error's own. False and 0 are not taken for data: the mapping does
// not say so.
func holdsData(body []byte) bool {
	var object map[string]any
	if json.Unmarshal(body, &object) != nil {
		return false
	}
	ordered := false
	for key := range object {
		ordered = ordered || fold(key) == "orderids" || fold(key) == "orderid"
	}
	for key, value := range object {
		own := slices.Contains(ownMembers(), fold(key)) || fold(key) == "expiredresourceids" && !ordered
		if !own && !empty(value) {
			return true
		}
	}
	return false
}

// ownMembers returns the members that belong to the error itself.
func ownMembers() []string {
	return strings.Fields(`code errorcode errcode retcode resultcode returncode exceptionid errorid
		message msg errormsg errormessage errmsg errmessage errordescription retmsg retdesc resultmsg descargs
		error requestid traceid details encodedauthorizationmessage domainid
		erroritems failcheckitems quotainfos enterpriseprojectauthresult`)
}

func fold(key string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(key))
}

func empty(value any) bool {
	switch value := value.(type) {
	case string:
		return strings.TrimSpace(value) == ""
	case []any:
		return len(value) == 0
	case map[string]any:
		return len(value) == 0
	case bool:
		return !value
	case float64:
		return value == 0
	}
	return value == nil
}
