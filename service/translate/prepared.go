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
	"google.golang.org/protobuf/types/known/anypb"
)

// prepared is what the statuses of one row in one locale have in common. It is built on first use and never changes.
type prepared struct {
	text, locale, english string
	messageSize           int // of english in the field grpc-message
	reason                errorv1.ErrorReason
	details               [maxDetails]*anypb.Any // those that the response does not change
	pair                  *pairTemplate          // nil if the row is not in Translator.pairRows
}

// preparedKey is the key of a row, and a locale.
type preparedKey struct{ key, locale string }

// prepare returns what is prepared for a row.
func (t *Translator) prepare(row *catalog.Entry, locale string) *prepared {
	locale, ok := t.catalog.ExactLocale([]string{locale})
	if !ok {
		locale = catalog.DefaultLocale
	}
	key := preparedKey{row.Key, locale}
	if p, ok := t.prepared.Load(key); ok {
		return p.(*prepared)
	}
	p := t.newPrepared(row, locale)
	t.prepared.Store(key, p) // concurrent calls store equal values
	return p
}

func (t *Translator) newPrepared(row *catalog.Entry, locale string) *prepared {
	p := &prepared{reason: errorv1.ErrorReason(errorv1.ErrorReason_value["ERROR_REASON_"+row.Reason])}
	p.text, p.locale = t.catalog.Text(row.Key, locale)
	p.english, _ = t.catalog.Text(row.Key, catalog.DefaultLocale)
	p.messageSize = escapedSize(p.english)
	m := &meaning{Entry: row, row: row, code: row.Code, raw: row.Code, match: errorv1.Match_MATCH_EXACT}
	b := &statusBuilder{meaning: m, prepared: p, advice: t.advice(m, locale), limits: defaultLimits, memory: new(memory)}
	for i, d := range details {
		if d.varies != nil && !d.varies(b) {
			p.details[i] = d.build(b)
		}
	}
	if t.pairRows[row.Code] == row {
		p.pair = newPairTemplate(b)
	}
	return p
}

// newPairRows returns the rows for which translatePair applies. A success is checked again, and the other excluded rows
// depend on the message, the shape or the body.
func newPairRows(c *catalog.Catalog) map[string]*catalog.Entry {
	rows := make(map[string]*catalog.Entry, len(c.Entries()))
	for _, e := range c.Entries() {
		if e.Status != statusOK && e.Code != codeAccessDenied && e.Code != codeTimedOutButCreated && e.Reason != reasonWrongSite && e.Service == "" {
			rows[e.Code] = e
		}
	}
	for _, o := range c.Overlays() {
		delete(rows, o.Code)
	}
	return rows
}

// translatePair is the fast path. It fills in a template if the response is an object of error_code and error_msg, and
// its status depends on nothing else.
func (t *Translator) translatePair(r Response, locale string) (Result, bool) {
	pair, ok := r.Pair()
	row := t.pairRows[string(pair.Code)]
	switch {
	case !ok, row == nil, r.HTTPStatus < 100, r.HTTPStatus > 999, pair.RetryAfter, embeddedCode(pair.Message) != "",
		len(pair.Message) > maxMessage, len(pair.RequestID) > maxID, len(r.Service) > maxCode, !utf8.ValidString(r.Service),
		row.Reason == reasonInvalidParameter && bytes.IndexByte(pair.Message, ':') >= 0: // the message may name fields
		return Result{}, false
	}
	p := t.prepare(row, locale)
	result := p.pair.result
	result.Translation = p.fill(pair, r.HTTPStatus, r.Service)
	return result, p.fits(result.GetStatus())
}

// A pairTemplate is what the results of pairs have in common: all but the HTTP status, the service, the message and the
// request ID.
type pairTemplate struct {
	result    Result // without its translation
	code      int32
	info, cbc [2][]byte // the encoded details before and after the HTTP status
	size      int       // of a filled template without the values, at most
}

// The fields of CbcError that differ.
const (
	httpStatusField = 4
	messageField    = 8
)

// newPairTemplate splits the details of a response whose HTTP status is a placeholder.
func newPairTemplate(b *statusBuilder) *pairTemplate {
	b.envelope.HTTPStatus = -1
	p := &pairTemplate{code: code.Code_value[b.Status]}
	p.result = Result{StatusName: b.Status, Reason: b.Reason, Match: matchName(b.match), RawCode: b.code}
	p.info = split(b.errorInfo(), appendEntry(nil, httpStatusKey, "-1"))
	p.cbc = split(b.cbcError(), appendInt(nil, httpStatusField, -1))
	const keys = 64 // at most the tags, lengths and keys of the values
	p.size = len(p.info[0]) + len(p.info[1]) + len(p.cbc[0]) + len(p.cbc[1]) + keys
	return p
}

func split(detail *anypb.Any, placeholder []byte) [2][]byte {
	before, after, _ := bytes.Cut(detail.GetValue(), placeholder)
	return [2][]byte{before, after}
}

func appendInt(b []byte, field protowire.Number, value int) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), uint64(value))
}

// fill returns the translation of a pair, in two allocations.
func (p *prepared) fill(pair envelope.Pair, httpStatus int, service string) *errorv1.Translation {
	t, m, all := p.pair, new(memory), p.details
	var digits [20]byte
	info := make([]byte, 0, t.size+2*len(pair.Message)+len(service)+len(pair.RequestID))
	info = append(info, t.info[0]...)
	info = appendEntry(info, httpStatusKey, strconv.AppendInt(digits[:0], int64(httpStatus), 10))
	info = append(info, t.info[1]...)
	info = appendEntry(info, serviceKey, service)
	info = appendEntry(info, messageKey, pair.Message)
	cbc := appendInt(append(info[len(info):], t.cbc[0]...), httpStatusField, httpStatus)
	cbc = append(cbc, t.cbc[1]...)
	cbc = appendText(cbc, messageField, pair.Message)
	all[0], all[1] = packInto(&m.info, infoType, info), packInto(&m.cbc, cbcType, cbc)
	all[requestPlace] = packInto(&m.request, requestType, appendText(cbc[len(cbc):], 1, pair.RequestID))
	m.translation.Status, m.translation.Locale = m.newStatus(t.code, p.english, all[:]), p.locale
	return &m.translation
}
