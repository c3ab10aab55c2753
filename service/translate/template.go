package translate

import (
	"slices"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
)

// A template is the answer to a code in a locale without what differs from response to response, which goes between its
// parts. It is made of what the long way makes, and rests on one law of protobuf: the bytes of two messages, one after the
// other, are those of the two merged. It never changes.
type template struct {
	code    int32  // of the status
	english string // its message
	locale  string
	fixed   []*anypb.Any // the details from LocalizedMessage to ResourceInfo, shared by all answers
	help    *anypb.Any   // nil where there is none

	info [3][]byte // ErrorInfo up to the digits of the HTTP status, up to the service, up to the upstream message
	cbc  [2][]byte // CbcError up to the HTTP status, up to the upstream message

	head, middle, tail []byte // of the Translation: before ErrorInfo, between CbcError and RequestInfo, after that

	infoSize, cbcSize, size int // of the parts of ErrorInfo, of CbcError, of the Status without these and RequestInfo
	localeSize              int // of the Translation beside the Status
	room                    int // for the status in base64
}

// httpStatusField is the number of the HTTP status in CbcError.
const httpStatusField = 4

// The places of the details that differ, from both ends of the list of all.
const (
	firstFixed   = 2 // after ErrorInfo and CbcError
	requestPlace = 2 // from the end: RequestInfo, before Help
)

// newTemplate makes the template of a row in a locale.
func (t *Translator) newTemplate(row *catalog.Entry, locale string) *template {
	m := meaning{key: row.Code, code: row.Code, raw: row.Code, match: errorv1.Match_MATCH_EXACT, Entry: row}
	a := t.answer(m, envelope.Envelope{}, Origin{}, locale)
	n := &template{code: code.Code_value[row.Status], english: a.english, locale: a.locale}
	for _, detail := range details[firstFixed : len(details)-requestPlace] {
		if m := detail(a); m != nil {
			n.fixed = append(n.fixed, wrap(m))
		}
	}
	last := &statuspb.Status{}
	if m := a.help(); m != nil {
		n.help = wrap(m)
		last.Details = append(last.Details, n.help)
	}
	n.info, n.cbc = infoParts(a), cbcParts(a)
	n.head, n.middle, n.tail = marshal(&statuspb.Status{Code: n.code, Message: n.english}), marshal(&statuspb.Status{Details: n.fixed}), marshal(last)
	n.infoSize, n.cbcSize, n.size = len(slices.Concat(n.info[:]...)), len(slices.Concat(n.cbc[:]...)), len(n.head)+len(n.middle)+len(n.tail)
	said := marshal(&errorv1.Translation{Locale: a.locale})
	n.tail, n.localeSize = append(n.tail, said...), len(said)
	n.room = maxTrailers - trailerNames - escaped(a.english)
	return n
}

// infoParts are those of ErrorInfo, whose metadata stand in the order of their keys.
func infoParts(a *answer) [3][]byte {
	facts := a.metadata()
	delete(facts, "httpStatus")
	between := func(after, before string) []byte {
		some := map[string]string{}
		for key, value := range facts {
			if after < key && key < before {
				some[key] = value
			}
		}
		return marshal(&errdetails.ErrorInfo{Metadata: some})
	}
	first := marshal(&errdetails.ErrorInfo{Reason: a.Reason, Domain: domain})
	status := marshal(&errdetails.ErrorInfo{Metadata: map[string]string{"httpStatus": "000"}})
	return [3][]byte{
		slices.Concat(first, between("", "httpStatus"), status[:len(status)-statusDigits]),
		between("httpStatus", "service"), between("service", "upstreamMessage"),
	}
}

// cbcParts are those of CbcError, whose fields stand in the order of their numbers.
func cbcParts(a *answer) [2][]byte {
	m := a.cbcError().(*errorv1.CbcError)
	first := marshal(&errorv1.CbcError{Code: m.GetCode(), RawCode: m.GetRawCode(), Reason: m.GetReason()})
	return [2][]byte{
		protowire.AppendTag(first, httpStatusField, protowire.VarintType),
		marshal(&errorv1.CbcError{Retry: m.GetRetry(), Outcome: m.GetOutcome(), Match: m.GetMatch()}),
	}
}

// marshal writes a message the same way every time.
func marshal(m proto.Message) []byte {
	bytes, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		panic(err) // cannot happen: all texts are valid UTF-8
	}
	return bytes
}
