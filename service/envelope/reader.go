package envelope

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/width"
)

// A reader walks through a body once and keeps what stands at the known places, within limits. Of a code or a message
// that comes twice the last one counts, as in every SDK.
type reader struct {
	in       *jsontext.Decoder
	size     int64    // of the body
	codes    []scalar // by shape
	messages []scalar // by shape
	items    []Item

	requestID, authorization, domainID string
	complaints                         []Complaint
	best                               int // the rank of the key that the last complaint was named by
	members                            int // of the top object
}

func newReader(body []byte) *reader {
	in := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	return &reader{in: in, size: int64(len(body)), codes: make([]scalar, len(shapes)), messages: make([]scalar, len(shapes))}
}

// body reads the one value that a body is.
func (r *reader) body() error {
	if err := r.value(&places); err != nil {
		return err
	}
	if _, err := r.in.ReadToken(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the value")
	}
	return nil
}

// value reads one value at a place. An error means that the body is broken here; what was kept before stays.
func (r *reader) value(at *place) error {
	switch r.in.PeekKind() {
	case '{':
		return r.object(at)
	case '[':
		return r.array(at)
	}
	token, err := r.in.ReadToken()
	if err != nil {
		return err
	}
	if at != &places && token.Kind() == '0' && r.in.InputOffset() == r.size {
		return io.ErrUnexpectedEOF // the body breaks off here, and nobody knows how many digits are missing
	}
	if v, ok := read(token); ok {
		for _, take := range at.take {
			take(r, v)
		}
	}
	return nil
}

// read is the value of a string or a number; null, true and false say nothing anywhere.
func read(token jsontext.Token) (scalar, bool) {
	switch token.Kind() {
	case '"':
		return scalar{text: bounded(token.String())}, true
	case '0':
		return scalar{text: plainNumber(token), number: true}, true
	}
	return scalar{}, false
}

// plainNumber writes a whole number without a fraction or an exponent, whichever way it was written: 429.0 is 429.
func plainNumber(token jsontext.Token) string {
	const exact = 1 << 53 // up to which a double holds every whole number
	if f, err := token.Float(); err == nil && f == math.Trunc(f) && math.Abs(f) < exact {
		return strconv.FormatInt(int64(f), 10)
	}
	return token.String()
}

func (r *reader) object(at *place) error {
	if _, err := r.in.ReadToken(); err != nil {
		return err
	}
	if at.enter != nil {
		at.enter(r)
	}
	for r.in.PeekKind() != '}' {
		name, err := r.in.ReadToken()
		if err != nil {
			return err
		}
		if at == &places {
			r.members++
		}
		if err := r.valueOrSkip(at.child(name.String())); err != nil {
			return err
		}
	}
	_, err := r.in.ReadToken()
	return err
}

func (r *reader) array(at *place) error {
	if _, err := r.in.ReadToken(); err != nil {
		return err
	}
	element := at.children["0"]
	for r.in.PeekKind() != ']' {
		if element == nil {
			element = at.children["[]"]
		}
		if err := r.valueOrSkip(element); err != nil {
			return err
		}
		element = nil
	}
	_, err := r.in.ReadToken()
	return err
}

func (r *reader) valueOrSkip(at *place) error {
	if at == nil {
		return r.in.SkipValue()
	}
	return r.value(at)
}

// The most that is kept of a body, however large it is: more than any answer has room for.
const (
	maxItems      = 1 << 14
	maxComplaints = 1 << 8
	maxText       = 64 << 10 // bytes of any text
	maxCode       = 1 << 10  // bytes of a code
)

// add begins a part. The one before has no place of its own if it did not fail; past the limit the last gives way.
func (r *reader) add(item Item) {
	if n := len(r.items); n > 0 && (n == maxItems || !r.items[n-1].failed()) {
		r.items = r.items[:n-1]
	}
	r.items = append(r.items, item)
}

// item is the part that is being read.
func (r *reader) item() *Item { return &r.items[len(r.items)-1] }

// envelope puts together what was kept.
func (r *reader) envelope(status int) Envelope {
	e := Envelope{
		HTTPStatus: status, RequestID: r.requestID, Authorization: r.authorization, DomainID: r.domainID,
		Complaints: r.complaints,
	}
	for i, s := range shapes {
		if s.codeCounts(r.codes[i], status) {
			e.Shape, e.Service, e.Code, e.Message = s.name, s.service, head(r.codes[i].text, maxCode), r.messages[i].text
			break
		}
	}
	for i, s := range shapes {
		if e.Message == "" && s.messageCounts(r.messages[i], r.members) {
			e.Message = r.messages[i].text
			if e.Code == "" {
				e.Shape, e.Service = s.name, s.service
			}
		}
	}
	e.Items = e.failed(r.items)
	return e
}

// messageCounts tells whether what stands at the place of a message is one.
func (s shape) messageCounts(message scalar, members int) bool {
	if s.only != "" {
		return members == 1 && message.text == s.only
	}
	return message.text != ""
}

// codeCounts tells whether what stands at the place of a code is one. A number equal to the HTTP status only repeats
// it.
func (s shape) codeCounts(code scalar, status int) bool {
	text := strings.TrimSpace(code.text)
	if text == "" || code.number && text == strconv.Itoa(status) {
		return false
	}
	return !s.generic || !success(status) || serviceCode(text)
}

// serviceCode tells whether a text has the form of Huawei Cloud's error codes: letters, a dot, digits.
func serviceCode(text string) bool {
	text = strings.Join(strings.Fields(width.Narrow.String(text)), "")
	prefix, digits, ok := strings.Cut(strings.TrimRight(text, "."), ".")
	return ok && prefix != "" && digits != "" &&
		strings.Trim(strings.ToLower(prefix), "abcdefghijklmnopqrstuvwxyz") == "" && strings.Trim(digits, "0123456789") == ""
}

// failed are the parts that did fail. A bare one has the response's own code and message.
func (e Envelope) failed(items []Item) []Item {
	var list []Item
	for _, item := range items {
		if item.bare {
			item.Code, item.Message = e.Code, e.Message
		}
		if item.Code != "" || item.Message != "" {
			list = append(list, item)
		}
	}
	return list
}

// failed tells whether a part has anything that says so.
func (i Item) failed() bool { return i.bare || i.Code != "" || i.Message != "" }

// complain takes a complaint in that is a text.
func (r *reader) complain(p complaintPlace, name scalar) {
	if name.text != "" && len(r.complaints) < maxComplaints {
		r.complaints = append(r.complaints, Complaint{p.detail, name.text})
	}
}

// complainOf takes a complaint in that is an object; it has no name yet.
func (r *reader) complainOf(p complaintPlace) {
	r.best = 0 // which no key is better than
	if len(r.complaints) < maxComplaints {
		r.complaints = append(r.complaints, Complaint{Detail: p.detail})
		r.best = len(p.keys)
	}
}

// name gives the last complaint the value of one of its keys, unless a better one has named it.
func (r *reader) name(rank int, value scalar) {
	if value.text != "" && rank < r.best {
		r.complaints[len(r.complaints)-1].Name, r.best = value.text, rank
	}
}
