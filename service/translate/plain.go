package translate

import (
	"bytes"
	"encoding/base64"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/service/catalog"
)

// templates are the answers to plain responses, each made when it is first needed: so a large catalogue costs neither a
// slow start nor memory for what nobody asks.
type templates struct {
	locales map[string]int // by tag, their places in each list
	rows    map[string]*row
}

// A row is a code with one answer, and its templates by locale.
type row struct {
	*catalog.Entry
	blames   bool // fields that the message names
	byLocale []atomic.Pointer[template]
}

func newTemplates(c *catalog.Catalog) templates {
	ts := templates{locales: map[string]int{}, rows: make(map[string]*row, len(c.Entries()))}
	for i, tag := range c.Locales() {
		ts.locales[tag] = i
	}
	special := map[string]bool{}
	for _, o := range c.Overlays() {
		special[o.Code] = true
	}
	for _, e := range c.Entries() {
		if !special[e.Code] && hasOneAnswer(e) {
			ts.rows[e.Code] = &row{e, e.Reason == invalidParameter, make([]atomic.Pointer[template], len(ts.locales))}
		}
	}
	return ts
}

// hasOneAnswer tells whether nothing but its code decides what a row's answer says, given that it has no overlays: success
// needs a second look, and these rows read the message, the place or the body for more.
func hasOneAnswer(e *catalog.Entry) bool {
	return e.Status != statusOK && e.Code != deniedCode && e.Code != madeAfterAll && e.Reason != "WRONG_SITE"
}

// Plain is the answer to a plain response, yet to be written. It is of use for as long as the response is.
type Plain struct {
	*template
	Entry            *catalog.Entry // the row of the code
	status           int            // of three digits
	service, request string
	message          []byte
	lengths          lengths
}

// Plain finds the answer to a plain response without memory of its own; it declines responses that are not plain, or not
// short.
func (t *Translator) Plain(r *Response, locale string) (a Plain, ok bool) {
	p, ok := r.Plain()
	if !ok || r.HTTPStatus < 100 || r.HTTPStatus > 999 {
		return a, false
	}
	found := t.templates.rows[string(p.Code)]
	place, known := t.templates.locales[locale]
	switch {
	case found == nil || !known, p.RetryAfter, mentionsCode(p.Message):
		return a, false
	case found.blames && bytes.IndexByte(p.Message, ':') >= 0: // before what is wrong with one
		return a, false
	case len(p.Message) > maxMessage || len(p.RequestID) > maxID || len(r.Service) > maxCode || !utf8.ValidString(r.Service):
		return a, false
	}
	a = Plain{template: t.template(found, place, locale), Entry: found.Entry, status: r.HTTPStatus, service: r.Service, request: p.RequestID, message: p.Message}
	a.measure()
	return a, base64.StdEncoding.EncodedLen(a.lengths.status) <= a.room
}

// mentionsCode reports whether a message mentions a code of the CBC: it may speak of another failure.
func mentionsCode(message []byte) bool {
	const prefix = len(catalog.Prefix) - 1
	for at := bytes.IndexByte(message, '.'); at >= 0; {
		if at >= prefix && strings.EqualFold(string(message[at-prefix:at+1]), catalog.Prefix) {
			return true
		}
		next := bytes.IndexByte(message[at+1:], '.')
		if next < 0 {
			return false
		}
		at += 1 + next
	}
	return false
}

func (t *Translator) template(r *row, place int, locale string) *template {
	if made := r.byLocale[place].Load(); made != nil {
		return made
	}
	made := t.newTemplate(r.Entry, locale)
	r.byLocale[place].Store(made) // of two made at once either will do
	return made
}

// Append appends the bytes of the answer, a cbc.error.v1.Translation in protobuf, and says the same as Translate. The answer to
// a plain response takes no memory but what it is appended to.
func (t *Translator) Append(b []byte, r Response, locale string) []byte {
	if a, ok := t.Plain(&r, locale); ok {
		return a.Append(b)
	}
	return append(b, marshal(t.compose(r, locale))...)
}
