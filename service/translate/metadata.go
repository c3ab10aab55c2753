package translate

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/types/known/anypb"
)

// metadata are the facts of an error as text, for readers without the types; a fact that does not apply is left out.
var metadata = []struct {
	key string
	of  func(*answer) string
}{
	{"code", func(a *answer) string { return a.cut("code", a.code, maxCode) }},
	{httpStatusKey, func(a *answer) string { return strconv.Itoa(a.envelope.HTTPStatus) }},
	{"locale", func(a *answer) string { return a.locale }},
	{"message", func(a *answer) string { return a.cut("message", a.text, a.limits.text) }},
	{"retry", func(a *answer) string { return a.Retry }},
	{"outcome", func(a *answer) string { return a.Outcome }},
	{"match", func(a *answer) string { return matchName(a.match) }},
	{"certain", (*answer).certain},
	{"retryAfter", (*answer).retryAfter},
	{serviceKey, func(a *answer) string {
		return a.cut("service", cmp.Or(a.origin.Service, a.Service, a.envelope.Service), maxCode)
	}},
	{"missingPermission", (*answer).missingPermission},
	{"suggestedSite", (*answer).suggestedSite},
	{"domainId", (*answer).domainID},
	{"outerCode", func(a *answer) string { return a.cut("outerCode", a.outer, maxCode) }},
	{messageKey, (*answer).upstreamMessage},
	{"encodedAuthorizationMessage", (*answer).authorization},
	{"truncated", func(a *answer) string { return strings.Join(a.truncated, ",") }},
}

// The keys of the facts that even plain answers differ in.
const (
	httpStatusKey = "httpStatus"
	serviceKey    = "service"
	messageKey    = "upstreamMessage"
)

// A factList has key and value of each fact that applies, in the order of the keys.
type factList [][2]string

// facts finds the facts. Some note what they cut, so their order is that of the table until all are known.
func (a *answer) facts() factList {
	list := make(factList, 0, len(metadata))
	for _, fact := range metadata {
		if value := fact.of(a); value != "" {
			list = append(list, [2]string{fact.key, value})
		}
	}
	slices.SortFunc(list, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	return list
}

// around returns the facts before and behind a key.
func (list factList) around(key string) (before, after factList) {
	at := slices.IndexFunc(list, func(fact [2]string) bool { return fact[0] == key })
	return list[:at], list[at+1:]
}

// errorInfo writes a google.rpc.ErrorInfo. Its facts are a map, which protobuf takes longer to put in order than all the
// other details together.
func (a *answer) errorInfo() *anypb.Any {
	list := a.facts()
	size := len(a.Reason) + len(domain) + 2*maxTags
	for _, fact := range list {
		size += len(fact[0]) + len(fact[1]) + maxTags
	}
	return packed(&a.memory.info, infoType, list.append(appendReason(make([]byte, 0, size), a.Reason)))
}

// maxTags is more than the tags and lengths of a fact take up.
const maxTags = 10

// appendReason writes the fields of an ErrorInfo before its facts.
func appendReason(b []byte, reason string) []byte {
	return appendText(appendText(b, 1, reason), 2, domain)
}

func (list factList) append(b []byte) []byte {
	for _, fact := range list {
		b = appendFact(b, fact[0], fact[1])
	}
	return b
}

// appendFact writes an entry of the map, if it has a value.
func appendFact[text string | []byte](b []byte, key string, value text) []byte {
	if len(value) == 0 {
		return b
	}
	b = protowire.AppendTag(b, 3, protowire.BytesType)
	b = protowire.AppendVarint(b, uint64(2+protowire.SizeBytes(len(key))+protowire.SizeBytes(len(value))))
	return appendText(appendText(b, 1, key), 2, value)
}

// appendText writes a field that is a text, if it is not empty.
func appendText[text string | []byte](b []byte, field protowire.Number, value text) []byte {
	if len(value) == 0 {
		return b
	}
	b = protowire.AppendTag(b, field, protowire.BytesType)
	return append(protowire.AppendVarint(b, uint64(len(value))), value...)
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
	if _, advised := a.wait(); a.envelope.RetryAfter == nil || advised {
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

// wrongSite is the reason whose answers may suggest another site.
const wrongSite = "WRONG_SITE"

// otherSite is where an account that is not of a site may be of; Europe's says nothing.
var otherSite = map[string]string{"cn": "intl", "intl": "cn"}

func (a *answer) suggestedSite() string {
	if a.Reason != wrongSite {
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
