package translate

import (
	"encoding/base64"
	"unicode/utf8"

	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

// The limits of the contract, in bytes.
const (
	maxCode    = 64
	maxID      = 256
	maxMessage = 1 << 10

	// maxItemsBytes leaves room in the 4 MiB that gRPC clients take by default.
	maxItemsBytes = 3 << 20

	// maxTrailers is what a status may take up as gRPC trailers: Java and C-core refuse headers of more than 8 KiB.
	maxTrailers = 6 << 10

	// trailerNames is what the names, the short values and HPACK's 32 bytes for each field of a response take up that is
	// nothing but a status: :status, content-type, grpc-status, grpc-message, grpc-status-details-bin and
	// grpc-retry-pushback-ms.
	trailerNames = 320
)

// limits is how much of what was received an answer has room for.
type limits struct {
	violations    int  // in each detail
	help          bool // whether there is a Help
	message       int  // bytes of the upstream message
	authorization int  // bytes of the encoded authorization message, which is of no use when cut
	text          int  // bytes of the localized text
}

// roomy is enough for all but a few answers.
var roomy = limits{violations: 64, help: true, message: maxMessage, authorization: 2 << 10, text: maxMessage}

// reductions are the steps by which an answer that is too big becomes smaller: the first of them are the contract's,
// the others reach what the contract has no word for.
var reductions = []func(*answer){
	func(a *answer) { a.limits.violations = 8 },
	func(a *answer) { a.limits.violations = 1 },
	func(a *answer) { a.limits.help = false },
	func(a *answer) { a.limits.message = 256 },
	func(a *answer) { a.limits.authorization = 0 },
	func(a *answer) { a.limits.text = 256 },
}

// fit makes the status, with what it has room for.
func (a *answer) fit() *statuspb.Status {
	s := a.status()
	for _, reduce := range reductions {
		if fits(s) {
			break
		}
		reduce(a)
		s = a.status()
	}
	return s
}

// fits reports whether a status is small enough for trailers. Most are by far, which takes no exact size to tell.
func fits(s *statuspb.Status) bool {
	const overhead = 16 // more than the tags and lengths of a detail take up
	size := overhead + len(s.GetMessage())
	for _, detail := range s.GetDetails() {
		size += overhead + len(detail.GetTypeUrl()) + len(detail.GetValue())
	}
	most := base64.StdEncoding.EncodedLen(size) + escaped(s.GetMessage()) + trailerNames
	return most <= maxTrailers || trailers(s) <= maxTrailers
}

// trailers is how many bytes a status takes up as gRPC trailers: itself in base64, and its message, of which every
// byte may have to be escaped as three.
func trailers(s *statuspb.Status) int {
	return base64.StdEncoding.EncodedLen(proto.Size(s)) + escaped(s.GetMessage()) + trailerNames
}

// escaped is the length of a text in the field grpc-message.
func escaped(text string) int {
	n := len(text)
	for _, b := range []byte(text) {
		if b < ' ' || b > '~' || b == '%' {
			n += 2
		}
	}
	return n
}

// cut shortens a text to a number of bytes, at the end of a character, and notes that it did.
func (a *answer) cut(name, text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	a.cutOut(name)
	return text[:limit]
}
