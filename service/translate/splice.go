package translate

import (
	"encoding/binary"
	"slices"
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

// lengths are those of the messages in an answer, which stand before them.
type lengths struct{ info, cbc, request, status int }

// measure finds the lengths from the inside out.
func (a *Plain) measure() {
	l := lengths{info: a.infoSize + statusDigits, cbc: a.cbcSize + varintSize(a.status) + textSize(len(a.message))}
	if a.service != "" {
		l.info += serviceFrame.size(len(a.service))
	}
	if len(a.message) > 0 {
		l.info += messageFrame.size(len(a.message))
	}
	l.status = a.size + infoFrame.size(l.info) + cbcFrame.size(l.cbc)
	if a.request != "" {
		l.request = textSize(len(a.request))
		l.status += requestFrame.size(l.request)
	}
	a.lengths = l
}

// Size is how many bytes Append appends.
func (a *Plain) Size() int { return 1 + varintSize(a.lengths.status) + a.lengths.status + a.localeSize }

// Append appends the answer as a cbc.error.v1.Translation in protobuf.
func (a *Plain) Append(b []byte) []byte {
	b = appendVarint(append(slices.Grow(b, a.Size()), statusTag), a.lengths.status)
	b = append(b, a.head...)
	b = a.appendInfo(infoFrame.begin(b, a.lengths.info))
	b = a.appendCbc(cbcFrame.begin(b, a.lengths.cbc))
	b = append(b, a.middle...)
	if a.request != "" {
		b = appendText(requestFrame.begin(b, a.lengths.request), requestTag, a.request)
	}
	return append(b, a.tail...)
}

func (a *Plain) appendInfo(b []byte) []byte {
	b = append(b, a.info[0]...)
	b = strconv.AppendInt(b, int64(a.status), 10)
	b = append(b, a.info[1]...)
	if a.service != "" {
		b = append(serviceFrame.begin(b, len(a.service)), a.service...)
	}
	b = append(b, a.info[2]...)
	if len(a.message) > 0 {
		b = append(messageFrame.begin(b, len(a.message)), a.message...)
	}
	return b
}

func (a *Plain) appendCbc(b []byte) []byte {
	b = appendVarint(append(b, a.cbc[0]...), a.status)
	b = append(b, a.cbc[1]...)
	return appendText(b, messageTag, a.message)
}

// Translation makes the answer as a message, in two pieces of memory. The details that do not differ are the template's.
func (a *Plain) Translation() *errorv1.Translation {
	whole := new(struct {
		translation errorv1.Translation
		status      statuspb.Status
		own         [3]anypb.Any
		list        [10]*anypb.Any // all that there are
	})
	info := a.appendInfo(make([]byte, 0, a.lengths.info+a.lengths.cbc+a.lengths.request))
	cbc := a.appendCbc(info[len(info):])
	request := appendText(cbc[len(cbc):], requestTag, a.request)
	list := append(whole.list[:0], packed(&whole.own[0], infoFrame, info), packed(&whole.own[1], cbcFrame, cbc))
	list = append(list, a.fixed...)
	if a.request != "" {
		list = append(list, packed(&whole.own[2], requestFrame, request))
	}
	if a.help != nil {
		list = append(list, a.help)
	}
	whole.status.Code, whole.status.Message, whole.status.Details = a.code, a.english, list
	whole.translation.Status, whole.translation.Locale = &whole.status, a.locale
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
