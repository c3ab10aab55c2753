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

// metadata are the entries of ErrorInfo's metadata, for clients without the types. Empty values are left out. The values
// are computed in this order, because "truncated" depends on the others. The fast path adds the values that depend on the
// response by itself: see prepared.fill.
var metadata = [...]struct {
	key   string
	value func(*statusBuilder) string
}{
	{"code", func(b *statusBuilder) string { return b.truncate("code", b.code, maxCode) }},
	{httpStatusKey, func(b *statusBuilder) string {
		return when(b.envelope.HTTPStatus != 0, strconv.Itoa(b.envelope.HTTPStatus))
	}},
	{"locale", func(b *statusBuilder) string { return b.locale }},
	{"message", func(b *statusBuilder) string { return b.truncate("message", b.text, b.limits.text) }},
	{"advice", (*statusBuilder).adviceText},
	{"retry", func(b *statusBuilder) string { return b.Retry }},
	{"outcome", func(b *statusBuilder) string { return b.Outcome }},
	{"match", func(b *statusBuilder) string { return matchName(b.match) }},
	{"certain", func(b *statusBuilder) string { return when(b.Entry != b.row, "false") }},
	{"retryAfter", (*statusBuilder).unusedRetryAfter},
	{serviceKey, func(b *statusBuilder) string {
		return b.truncate("service", cmp.Or(b.origin.Service, b.Service, b.envelope.Service), maxCode)
	}},
	{"missingPermission", (*statusBuilder).missingPermission},
	{"suggestedSite", func(b *statusBuilder) string {
		return when(b.Reason == reasonWrongSite, siblingSites[strings.ToLower(b.origin.Site)])
	}},
	{"domainId", func(b *statusBuilder) string {
		return b.truncate("domainId", when(b.code == codeTimedOutButCreated, b.envelope.DomainID), maxID)
	}},
	{"outerCode", func(b *statusBuilder) string { return b.truncate("outerCode", b.outer, maxCode) }},
	{messageKey, (*statusBuilder).upstreamMessage},
	{"encodedAuthorizationMessage", (*statusBuilder).authorization},
	{"truncated", func(b *statusBuilder) string { return strings.Join(b.truncated, ",") }},
}

// The keys of the entries that differ between the responses of translatePair.
const (
	httpStatusKey = "httpStatus"
	serviceKey    = "service"
	messageKey    = "upstreamMessage"
)

// metadataByKey are the indexes of metadata in the order of the keys, in which protobuf writes a map deterministically.
var metadataByKey = func() (indexes [len(metadata)]int) {
	for i := range indexes {
		indexes[i] = i
	}
	slices.SortFunc(indexes[:], func(i, j int) int { return strings.Compare(metadata[i].key, metadata[j].key) })
	return indexes
}()

// errorInfo encodes a google.rpc.ErrorInfo. To marshal its map deterministically takes proto longer than all other
// details together.
func (b *statusBuilder) errorInfo() *anypb.Any {
	const maxTags = 10 // at most the tags and lengths of an entry
	var values [len(metadata)]string
	size := len(b.Reason) + len(domain) + 2*maxTags
	for i := range metadata {
		values[i] = metadata[i].value(b)
		size += len(metadata[i].key) + len(values[i]) + maxTags
	}
	info := appendText(appendText(make([]byte, 0, size), 1, b.Reason), 2, domain)
	for _, i := range metadataByKey {
		info = appendEntry(info, metadata[i].key, values[i])
	}
	return packInto(&b.memory.info, infoType, info)
}

// appendEntry appends an entry of ErrorInfo's metadata, unless the value is empty.
func appendEntry[text string | []byte](b []byte, key string, value text) []byte {
	if len(value) == 0 {
		return b
	}
	b = protowire.AppendTag(b, 3, protowire.BytesType)
	b = protowire.AppendVarint(b, uint64(2+protowire.SizeBytes(len(key))+protowire.SizeBytes(len(value))))
	return appendText(appendText(b, 1, key), 2, value)
}

// appendText appends a text field, unless the text is empty.
func appendText[text string | []byte](b []byte, field protowire.Number, value text) []byte {
	if len(value) == 0 {
		return b
	}
	b = protowire.AppendTag(b, field, protowire.BytesType)
	return append(protowire.AppendVarint(b, uint64(len(value))), value...)
}

func matchName(m errorv1.Match) string { return strings.TrimPrefix(m.String(), "MATCH_") }

func (b *statusBuilder) upstreamMessage() string {
	return b.truncate("upstreamMessage", b.envelope.Message, b.limits.message)
}

// adviceText returns the sentence of what to do, whole or not at all.
func (b *statusBuilder) adviceText() string {
	if !b.limits.advice {
		b.markTruncated("advice")
		return ""
	}
	return b.advice
}

// when returns the value if it applies, else "".
func when(applies bool, value string) string {
	if applies {
		return value
	}
	return ""
}

// unusedRetryAfter returns the response's Retry-After in seconds if it must not become RetryInfo.
func (b *statusBuilder) unusedRetryAfter() string {
	if _, ok := b.wait(); ok || b.envelope.RetryAfter == nil {
		return ""
	}
	return strconv.Itoa(int(b.envelope.RetryAfter.Seconds()))
}

// permissionPattern matches the permission that a message of codeAccessDenied names.
var permissionPattern = regexp.MustCompile(`(?i)correct permission code is[\s\["']*([\w:*/-]+(?:\.[\w:*/-]+)*)`)

func (b *statusBuilder) missingPermission() string {
	if b.code != codeAccessDenied {
		return ""
	}
	match := permissionPattern.FindStringSubmatch(b.envelope.Message)
	if match == nil {
		return ""
	}
	return b.truncate("missingPermission", match[1], maxID)
}

// authorization returns the encoded authorization message, whole or not at all.
func (b *statusBuilder) authorization() string {
	if len(b.envelope.Authorization) > b.limits.authorization {
		b.markTruncated("encodedAuthorizationMessage")
		return ""
	}
	return b.envelope.Authorization
}
