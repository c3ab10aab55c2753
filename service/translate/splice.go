package translate

import (
	"encoding/binary"
	"strconv"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/types/known/anypb"
)

// What this file knows of the contract's bytes: the tags of the texts and messages that differ. All are of one byte.
const (
	statusTag  = 1<<3 | textType // of Translation
	framedTag  = 3<<3 | textType // the details of Status, and the metadata of ErrorInfo
	messageTag = 8<<3 | textType // the upstream message of CbcError
	requestTag = 1<<3 | textType // the id of RequestInfo

	textType = byte(protowire.BytesType)
)

// A frame is a message of two fields, of which the first is always the same: a detail with its type, or one of the metadata
// with its key. Its bytes are those up to the length of the second.
type frame string

func newFrame(first string) frame {
	b := appendText(nil, 1<<3|textType, first)
	return frame(append(b, 2<<3|textType))
}

const urlPrefix = "type.googleapis.com/"

var (
	infoFrame    = newFrame(urlPrefix + "google.rpc.ErrorInfo")
	cbcFrame     = newFrame(urlPrefix + "cbc.error.v1.CbcError")
	requestFrame = newFrame(urlPrefix + "google.rpc.RequestInfo")
	serviceFrame = newFrame("service")
	messageFrame = newFrame("upstreamMessage")
)

// length is how long the message is whose second field has a length.
func (f frame) length(second int) int { return len(f) + varintSize(second) + second }

// begin writes the message up to its second field.
func (f frame) begin(b []byte, second int) []byte {
	b = appendVarint(append(b, framedTag), f.length(second))
	return appendVarint(append(b, f...), second)
}

// size is how much of the message that it is in it takes up.
func (f frame) size(second int) int {
	length := f.length(second)
	return 1 + varintSize(length) + length
}

// statusDigits is how many digits an HTTP status has.
const statusDigits = 3

// said is what a plain response says, and so what goes between the parts of a template.
type said struct {
	status           int // of three digits
	service, request string
	message          []byte
	lengths          lengths
}

// lengths are those of the messages in an answer, which stand before them.
type lengths struct{ info, cbc, request, status int }

// measure finds the lengths from the inside out.
func (t *template) measure(s *said) {
	l := lengths{info: t.infoSize + statusDigits, cbc: t.cbcSize + varintSize(s.status) + textSize(len(s.message))}
	if s.service != "" {
		l.info += serviceFrame.size(len(s.service))
	}
	if len(s.message) > 0 {
		l.info += messageFrame.size(len(s.message))
	}
	l.status = t.size + infoFrame.size(l.info) + cbcFrame.size(l.cbc)
	if s.request != "" {
		l.request = textSize(len(s.request))
		l.status += requestFrame.size(l.request)
	}
	s.lengths = l
}

// append writes the answer as a Translation.
func (t *template) append(b []byte, s *said) []byte {
	b = appendVarint(append(b, statusTag), s.lengths.status)
	b = append(b, t.head...)
	b = t.appendInfo(infoFrame.begin(b, s.lengths.info), s)
	b = t.appendCbc(cbcFrame.begin(b, s.lengths.cbc), s)
	b = append(b, t.middle...)
	if s.request != "" {
		b = appendText(requestFrame.begin(b, s.lengths.request), requestTag, s.request)
	}
	return append(b, t.tail...)
}

func (t *template) appendInfo(b []byte, s *said) []byte {
	b = append(b, t.info[0]...)
	b = strconv.AppendInt(b, int64(s.status), 10)
	b = append(b, t.info[1]...)
	if s.service != "" {
		b = append(serviceFrame.begin(b, len(s.service)), s.service...)
	}
	b = append(b, t.info[2]...)
	if len(s.message) > 0 {
		b = append(messageFrame.begin(b, len(s.message)), s.message...)
	}
	return b
}

func (t *template) appendCbc(b []byte, s *said) []byte {
	b = appendVarint(append(b, t.cbc[0]...), s.status)
	b = append(b, t.cbc[1]...)
	return appendText(b, messageTag, s.message)
}

// translation makes the answer as a message, in two pieces of memory. The details that do not differ are the template's.
func (t *template) translation(s *said) *errorv1.Translation {
	whole := new(struct {
		translation errorv1.Translation
		status      statuspb.Status
		own         [3]anypb.Any
		list        [10]*anypb.Any // all that there are
	})
	info := t.appendInfo(make([]byte, 0, s.lengths.info+s.lengths.cbc+s.lengths.request), s)
	cbc := t.appendCbc(info[len(info):], s)
	request := appendText(cbc[len(cbc):], requestTag, s.request)
	list := append(whole.list[:0], packed(&whole.own[0], infoFrame, info), packed(&whole.own[1], cbcFrame, cbc))
	list = append(list, t.fixed...)
	if s.request != "" {
		list = append(list, packed(&whole.own[2], requestFrame, request))
	}
	if t.help != nil {
		list = append(list, t.help)
	}
	whole.status.Code, whole.status.Message, whole.status.Details = t.status.GetCode(), t.status.GetMessage(), list
	whole.translation.Status, whole.translation.Locale = &whole.status, t.locale
	return &whole.translation
}

// packed is a detail of the type that a frame has.
func packed(detail *anypb.Any, f frame, value []byte) *anypb.Any {
	detail.TypeUrl, detail.Value = string(f[2:len(f)-1]), value[:len(value):len(value)]
	return detail
}

// appendText writes a text where there is one.
func appendText[text string | []byte](b []byte, tag byte, t text) []byte {
	if len(t) == 0 {
		return b
	}
	return append(appendVarint(append(b, tag), len(t)), t...)
}

// textSize is how much a text takes up.
func textSize(length int) int {
	if length == 0 {
		return 0
	}
	return 1 + varintSize(length) + length
}

func appendVarint(b []byte, n int) []byte { return binary.AppendUvarint(b, uint64(n)) }

func varintSize(n int) int { return protowire.SizeVarint(uint64(n)) }
