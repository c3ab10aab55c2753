package translate

import (
	"encoding/base64"
	"slices"
	"strings"

	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/encoding/protowire"
)

// The limits of the contract, in bytes.
const (
	maxCode    = 64
	maxID      = 256
	maxMessage = 1 << 10

	// maxItemsBytes keeps a translation below the 4 MiB that gRPC clients accept by default.
	maxItemsBytes = 3 << 20

	// maxTrailers is the maximum size of a status as gRPC trailers: Java and C-core reject headers of more than 8 KiB.
	maxTrailers = 6 << 10

	// trailerNames is the size of the names, the short values and HPACK's 32 bytes for each field of a response that is
	// nothing but a status: :status, content-type, grpc-status, grpc-message, grpc-status-details-bin and
	// grpc-retry-pushback-ms.
	trailerNames = 320
)

// limits are the maximum sizes of the parts of a status.
type limits struct {
	advice        bool // whether the advice is included
	violations    int  // in each detail
	help          bool // whether Help is included
	message       int  // bytes of the upstream message
	authorization int  // bytes of the encoded authorization message, which is included whole or not at all
	text          int  // bytes of the localized text
}

// limitSteps are the limits of a status, tried in order until it fits. Nearly every status fits with the first ones.
// The contract names the first step.
var limitSteps = []limits{
	{true, 64, true, maxMessage, 2 << 10, maxMessage},
	{false, 64, true, maxMessage, 2 << 10, maxMessage},
	{false, 8, true, maxMessage, 2 << 10, maxMessage},
	{false, 1, true, maxMessage, 2 << 10, maxMessage},
	{false, 1, false, maxMessage, 2 << 10, maxMessage},
	{false, 1, false, 256, 2 << 10, maxMessage},
	{false, 1, false, 256, 0, maxMessage},
	{false, 1, false, 256, 0, 256},
}

// defaultLimits are the limits of prepared details.
var defaultLimits = limitSteps[0]

// shrinkToFit builds the status with the first limits that it fits with.
func (b *statusBuilder) shrinkToFit() (s *statuspb.Status) {
	for _, b.limits = range limitSteps {
		if s = b.status(); b.fits(s) {
			break
		}
	}
	return s
}

// fits reports whether a status is small enough for gRPC trailers, which contain it in base64, and its message.
func (p *prepared) fits(s *statuspb.Status) bool {
	return base64.StdEncoding.EncodedLen(encodedSize(s))+p.messageSize+trailerNames <= maxTrailers
}

// encodedSize returns the size of an error as proto.Size does, in a fraction of its time.
func encodedSize(s *statuspb.Status) int {
	size := 1 + protowire.SizeVarint(uint64(s.GetCode())) + 1 + protowire.SizeBytes(len(s.GetMessage()))
	for _, detail := range s.GetDetails() {
		size += 1 + protowire.SizeBytes(2+protowire.SizeBytes(len(detail.GetTypeUrl()))+protowire.SizeBytes(len(detail.GetValue())))
	}
	return size
}

// escapedSize returns the size of a text in the field grpc-message, which escapes a byte as three.
func escapedSize(text string) int {
	n := len(text)
	for _, b := range []byte(text) {
		if b < ' ' || b > '~' || b == '%' {
			n += 2
		}
	}
	return n
}

// truncate cuts a text to a number of bytes, at the end of a character, and marks that it did.
func (b *statusBuilder) truncate(name, text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	b.markTruncated(name)
	return strings.ToValidUTF8(text[:limit], "")
}

// markTruncated notes that a part was shortened or left out.
func (b *statusBuilder) markTruncated(name string) {
	if !slices.Contains(b.truncated, name) {
		b.truncated = append(b.truncated, name)
	}
}
