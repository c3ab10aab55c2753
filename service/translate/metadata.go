package translate

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
)

// metadata are the facts of an error as text, for readers without the types; a fact that does not apply is left out.
var metadata = []struct {
	key string
	of  func(*answer) string
}{
	{"code", func(a *answer) string { return a.cut("code", a.code, maxCode) }},
	{"httpStatus", func(a *answer) string { return strconv.Itoa(a.envelope.HTTPStatus) }},
	{"locale", func(a *answer) string { return a.locale }},
	{"message", func(a *answer) string { return a.cut("message", a.text, a.limits.text) }},
	{"retry", func(a *answer) string { return a.Retry }},
	{"outcome", func(a *answer) string { return a.Outcome }},
	{"match", func(a *answer) string { return matchName(a.match) }},
	{"certain", (*answer).certain},
	{"retryAfter", (*answer).retryAfter},
	{"service", func(a *answer) string {
		return a.cut("service", cmp.Or(a.origin.Service, a.Service, a.envelope.Service), maxCode)
	}},
	{"missingPermission", (*answer).missingPermission},
	{"suggestedSite", (*answer).suggestedSite},
	{"domainId", (*answer).domainID},
	{"outerCode", func(a *answer) string { return a.cut("outerCode", a.outer, maxCode) }},
	{"upstreamMessage", (*answer).upstreamMessage},
	{"encodedAuthorizationMessage", (*answer).authorization},
	{"truncated", func(a *answer) string { return strings.Join(a.truncated, ",") }},
}

func (a *answer) metadata() map[string]string {
	facts := make(map[string]string, len(metadata))
	for _, fact := range metadata {
		if value := fact.of(a); value != "" {
			facts[fact.key] = value
		}
	}
	return facts
}

// matchName is the name without its prefix.
func matchName(m errorv1.Match) string { return strings.TrimPrefix(m.String(), "MATCH_") }

func (a *answer) upstreamMessage() string {
	return a.cut("upstreamMessage", a.envelope.Message, a.limits.message)
}

// certain is "false" where the advice of a row is withdrawn.
func (a *answer) certain() string {
	if a.withdrawn {
		return "false"
	}
	return ""
}

// retryAfter is the Retry-After of a response that must not become RetryInfo, in seconds.
func (a *answer) retryAfter() string {
	if a.envelope.RetryAfter == nil || a.retryInfo() != nil {
		return ""
	}
	return strconv.Itoa(int(a.envelope.RetryAfter.Seconds()))
}

// permission finds the permission that a message says is missing.
var permission = regexp.MustCompile(`(?i)correct permission code is[\s\["']*([\w:*/-]+(?:\.[\w:*/-]+)*)`)

// The codes whose answers say more: the one whose message names the permission that is missing, and the one of a call that
// timed out and made an account after all.
const (
	deniedCode   = "CBC.0151"
	madeAfterAll = "CBC.99000050"
)

// missingPermission is what the message of a denied call says is missing.
func (a *answer) missingPermission() string {
	if a.code != deniedCode {
		return ""
	}
	said := permission.FindStringSubmatch(a.envelope.Message)
	if said == nil {
		return ""
	}
	return a.cut("missingPermission", said[1], maxID)
}

// otherSite is where an account that is not of a site may be of; Europe's says nothing.
var otherSite = map[string]string{"cn": "intl", "intl": "cn"}

func (a *answer) suggestedSite() string {
	if a.Reason != "WRONG_SITE" {
		return ""
	}
	return otherSite[strings.ToLower(a.origin.Site)]
}

// domainID is the account that a timed-out call made after all.
func (a *answer) domainID() string {
	if a.code != madeAfterAll {
		return ""
	}
	return a.cut("domainId", a.envelope.DomainID, maxID)
}

// authorization is the encoded authorization message, whole or not at all.
func (a *answer) authorization() string {
	if len(a.envelope.Authorization) > a.limits.authorization {
		a.cutOut("encodedAuthorizationMessage")
		return ""
	}
	return a.envelope.Authorization
}
