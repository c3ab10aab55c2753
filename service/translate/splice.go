package translate

import (
	"strconv"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/types/known/anypb"
)

// What this file knows of the contract: the numbers of the fields that differ, and the names of the messages they are in.
// A test holds it to the descriptors.
const (
	translationStatusField = 1 // of Translation
	statusDetailsField     = 3 // of Status
	anyURLField            = 1
	anyValueField          = 2
	infoMetadataField      = 3 // of ErrorInfo
	cbcStatusField         = 4 // of CbcError
	cbcMessageField        = 8
	requestIDField         = 1 // of RequestInfo

	urlPrefix  = "type.googleapis.com/"
	infoURL    = urlPrefix + "google.rpc.ErrorInfo"
	cbcURL     = urlPrefix + "cbc.error.v1.CbcError"
	requestURL = urlPrefix + "google.rpc.RequestInfo"
)

// statusDigits is how many digits an HTTP status has.
const statusDigits = 3

// said is what a plain response says, and so what goes between the parts of a template.
type said struct {
	status           int // of three digits
	service, request string
	message          []byte
	lengths
}

// lengths are those of the messages in an answer, which stand before them.
type lengths struct{ info, cbc, request, status int }

// measure finds the lengths from the inside out.
func (t *template) measure(s *said) {
	s.info = t.info.size() + statusDigits + entrySize("service", s.service) + entrySize("upstreamMessage", s.message)
	s.cbc = t.cbc.size() + protowire.SizeVarint(uint64(s.status)) + textSize(s.message)
	s.lengths.request = textSize(s.request)
	s.lengths.status = len(t.head) + detailSize(infoURL, s.info) + detailSize(cbcURL, s.cbc) + len(t.middle) + len(t.end)
	if len(s.request) > 0 {
		s.lengths.status += detailSize(requestURL, s.lengths.request)
	}
}

// size is how long the whole answer is.
func (t *template) size(s *said) int { return 1 + protowire.SizeBytes(s.lengths.status) + len(t.tail) }

// append writes the answer as a Translation.
func (t *template) append(b []byte, s *said) []byte {
	b = appendLength(b, translationStatusField, s.lengths.status)
	b = append(b, t.head...)
	b = appendDetail(b, infoURL, s.info)
	b = t.appendInfo(b, s)
	b = appendDetail(b, cbcURL, s.cbc)
	b = t.appendCbc(b, s)
	b = append(b, t.middle...)
	if len(s.request) > 0 {
		b = appendDetail(b, requestURL, s.lengths.request)
		b = appendText(b, requestIDField, s.request)
	}
	b = append(b, t.end...)
	return append(b, t.tail...)
}

func (t *template) appendInfo(b []byte, s *said) []byte {
	b = append(b, t.info[0]...)
	b = strconv.AppendInt(b, int64(s.status), 10)
	b = append(b, t.info[1]...)
	b = appendEntry(b, "service", s.service)
	b = append(b, t.info[2]...)
	return appendEntry(b, "upstreamMessage", s.message)
}

func (t *template) appendCbc(b []byte, s *said) []byte {
	b = append(b, t.cbc[0]...)
	b = protowire.AppendVarint(b, uint64(s.status))
	b = append(b, t.cbc[1]...)
	return appendText(b, cbcMessageField, s.message)
}

// translation makes the answer as a message, in two pieces of memory. The details that do not differ are the template's.
func (t *template) translation(s *said) *errorv1.Translation {
	whole := new(struct {
		translation errorv1.Translation
		status      statuspb.Status
		own         [3]anypb.Any
		list        [10]*anypb.Any // all that there are
	})
	info := t.appendInfo(make([]byte, 0, s.info+s.cbc+s.lengths.request), s)
	cbc := t.appendCbc(info[len(info):], s)
	request := appendText(cbc[len(cbc):], requestIDField, s.request)
	list := append(whole.list[:0], packed(&whole.own[0], infoURL, info), packed(&whole.own[1], cbcURL, cbc))
	list = append(list, t.fixed...)
	if len(request) > 0 {
		list = append(list, packed(&whole.own[2], requestURL, request))
	}
	if t.help != nil {
		list = append(list, t.help)
	}
	whole.status.Code, whole.status.Message, whole.status.Details = t.status.GetCode(), t.status.GetMessage(), list
	whole.translation.Status, whole.translation.Locale = &whole.status, t.locale
	return &whole.translation
}

func packed(detail *anypb.Any, url string, value []byte) *anypb.Any {
	detail.TypeUrl, detail.Value = url, value[:len(value):len(value)]
	return detail
}

// appendLength begins a message within another.
func appendLength(b []byte, field protowire.Number, length int) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.BytesType), uint64(length))
}

// text is text in either of Go's types.
type text interface{ ~string | ~[]byte }

// appendText writes a text where there is one.
func appendText[T text](b []byte, field protowire.Number, text T) []byte {
	if len(text) == 0 {
		return b
	}
	return append(appendLength(b, field, len(text)), text...)
}

// textSize is how long a text is, with its tag of one byte.
func textSize[T text](text T) int {
	if len(text) == 0 {
		return 0
	}
	return 1 + protowire.SizeBytes(len(text))
}

// appendEntry writes an entry of metadata where there is one.
func appendEntry[T text](b []byte, key string, value T) []byte {
	if len(value) == 0 {
		return b
	}
	b = appendLength(b, infoMetadataField, entryLength(key, value))
	b = append(appendLength(b, 1, len(key)), key...)
	return appendText(b, 2, value)
}

func entrySize[T text](key string, value T) int {
	if len(value) == 0 {
		return 0
	}
	return 1 + protowire.SizeBytes(entryLength(key, value))
}

func entryLength[T text](key string, value T) int {
	return 1 + protowire.SizeBytes(len(key)) + textSize(value)
}

// appendDetail begins a detail of a status, up to its value.
func appendDetail(b []byte, url string, length int) []byte {
	b = appendLength(b, statusDetailsField, anyLength(url, length))
	b = append(appendLength(b, anyURLField, len(url)), url...)
	return appendLength(b, anyValueField, length)
}

func detailSize(url string, length int) int { return 1 + protowire.SizeBytes(anyLength(url, length)) }

func anyLength(url string, length int) int {
	return 1 + protowire.SizeBytes(len(url)) + 1 + protowire.SizeBytes(length)
}
