package translate

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
)

// Prepared is what all answers with one meaning have in common in one language. It is made when it is first needed,
// and never changes.
type prepared struct {
	text, locale, english string
	reason                errorv1.ErrorReason
	details               []*anypb.Any // those that the response does not change, each in its place
	plain                 *plainAnswer // nil if the answer to a plain pair depends on more than its code
}

// preparedKey is the key of a meaning's texts, and a locale.
type preparedKey struct{ key, locale string }

// prepare returns what is prepared of a meaning.
func (t *Translator) prepare(m meaning, locale string) *prepared {
	locale, ok := t.catalog.Exact([]string{locale})
	if !ok {
		locale = catalog.DefaultLocale
	}
	key := preparedKey{m.key, locale}
	if p, ok := t.prepared.Load(key); ok {
		return p.(*prepared)
	}
	p := t.newPrepared(m, locale)
	t.prepared.Store(key, p) // of two that are made at once either will do
	return p
}

func (t *Translator) newPrepared(m meaning, locale string) *prepared {
	p := &prepared{details: make([]*anypb.Any, len(details)), reason: errorv1.ErrorReason(errorv1.ErrorReason_value["ERROR_REASON_"+m.row.Reason])}
	p.text, p.locale = t.catalog.Localize(m.key, locale)
	p.english, _ = t.catalog.Localize(m.key, catalog.DefaultLocale)
	common := meaning{Entry: m.row, row: m.row, key: m.key, code: m.row.Code, raw: m.row.Code, match: errorv1.Match_MATCH_EXACT}
	a := &answer{meaning: common, prepared: p, limits: roomy, memory: new(memory)}
	for i, d := range details {
		if !d.varies(a) {
			p.details[i] = d.make(a)
		}
	}
	if t.oneAnswer[m.row.Code] == m.row {
		p.plain = newPlainAnswer(a)
	}
	return p
}

// oneAnswers returns the rows by code for which nothing but the code decides what the answer to a plain pair says.
// Success takes a second look; the other rows that are left out read the message, the place or the body for more.
func oneAnswers(c *catalog.Catalog) map[string]*catalog.Entry {
	rows := make(map[string]*catalog.Entry, len(c.Entries()))
	for _, e := range c.Entries() {
		if e.Status != statusOK && e.Code != deniedCode && e.Code != madeAfterAll && e.Reason != wrongSite && e.Service == "" {
			rows[e.Code] = e
		}
	}
	for _, o := range c.Overlays() {
		delete(rows, o.Code)
	}
	return rows
}

// plainAnswer is the answer to a plain pair but for what differs from response to response: HTTP status, service,
// message and request ID. The bytes are those that errorInfo and cbcError make, up to where one of these stands.
type plainAnswer struct {
	Answer
	code         int32
	info, cbc    [2][]byte // before and behind the HTTP status
	fixed, after []*anypb.Any
	blames       bool // fields that the message names
}

func newPlainAnswer(a *answer) *plainAnswer {
	p := &plainAnswer{code: code.Code_value[a.Status], blames: a.Reason == invalidParameter}
	p.Answer = Answer{Status: a.Status, Reason: a.Reason, Match: matchName(a.match), RawCode: a.code}
	before, after := a.facts().around(httpStatusKey)
	p.info = [2][]byte{before.append(appendReason(nil, a.Reason)), after.append(nil)}
	m := a.cbcError()
	p.cbc = [2][]byte{
		protowire.AppendTag(marshal(&errorv1.CbcError{Code: m.GetCode(), RawCode: m.GetRawCode(), Reason: m.GetReason()}), httpStatusField, protowire.VarintType),
		marshal(&errorv1.CbcError{Retry: m.GetRetry(), Outcome: m.GetOutcome(), Match: m.GetMatch()}),
	}
	for i, d := range a.details {
		switch {
		case d == nil:
		case i < requestPlace:
			p.fixed = append(p.fixed, d)
		default:
			p.after = append(p.after, d)
		}
	}
	return p
}

// The numbers of the fields of CbcError that differ.
const (
	httpStatusField = 4
	messageField    = 8
)

// plain returns the prepared answer, filled in, if the response is the plain pair of a code whose answer depends on
// nothing else.
func (t *Translator) plain(r Response, locale string) (Answer, bool) {
	pair, ok := r.Plain()
	row := t.oneAnswer[string(pair.Code)]
	switch {
	case !ok || row == nil || r.HTTPStatus < 100 || r.HTTPStatus > 999, pair.RetryAfter, mentionsCode(pair.Message):
		return Answer{}, false
	case len(pair.Message) > maxMessage || len(pair.RequestID) > maxID || len(r.Service) > maxCode || !utf8.ValidString(r.Service):
		return Answer{}, false
	}
	p := t.prepare(meaning{Entry: row, row: row, key: row.Key}, locale)
	if p.plain.blames && bytes.IndexByte(pair.Message, ':') >= 0 { // before what is wrong with a field
		return Answer{}, false
	}
	a := p.plain.Answer
	a.Translation = p.plain.fill(p, pair, r.HTTPStatus, r.Service)
	return a, fits(a.GetStatus())
}

// fill makes the answer in two pieces of memory.
func (a *plainAnswer) fill(p *prepared, pair envelope.Plain, httpStatus int, service string) *errorv1.Translation {
	whole := new(memory)
	const tags = 64 // more than the tags, lengths and keys of what differs take up
	room := len(a.info[0]) + len(a.info[1]) + len(a.cbc[0]) + len(a.cbc[1]) + 2*len(pair.Message) + len(service) + len(pair.RequestID) + tags
	var digits [20]byte
	info := append(make([]byte, 0, room), a.info[0]...)
	info = appendFact(info, httpStatusKey, strconv.AppendInt(digits[:0], int64(httpStatus), 10))
	info = append(info, a.info[1]...)
	info = appendFact(info, serviceKey, service)
	info = appendFact(info, messageKey, pair.Message)
	cbc := info[len(info):]
	cbc = append(cbc, a.cbc[0]...)
	cbc = protowire.AppendVarint(cbc, uint64(httpStatus))
	cbc = append(cbc, a.cbc[1]...)
	cbc = appendText(cbc, messageField, pair.Message)
	list := append(whole.details[:0], packed(&whole.info, infoType, info), packed(&whole.cbc, cbcType, cbc))
	list = append(list, a.fixed...)
	if pair.RequestID != "" {
		list = append(list, packed(&whole.request, requestType, appendText(cbc[len(cbc):], 1, pair.RequestID)))
	}
	list = append(list, a.after...)
	whole.status.Code, whole.status.Message, whole.status.Details = a.code, p.english, list
	whole.translation.Status, whole.translation.Locale = &whole.status, p.locale
	return &whole.translation
}

// packed makes a detail of its bytes.
func packed(detail *anypb.Any, url string, value []byte) *anypb.Any {
	detail.TypeUrl, detail.Value = url, value[:len(value):len(value)]
	return detail
}

// pack makes a detail of a message, the same way every time.
func pack(m proto.Message) *anypb.Any {
	return &anypb.Any{TypeUrl: urlPrefix + string(m.ProtoReflect().Descriptor().FullName()), Value: marshal(m)}
}

func marshal(m proto.Message) []byte {
	bytes, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		panic(err) // cannot happen: all texts are valid UTF-8
	}
	return bytes
}
