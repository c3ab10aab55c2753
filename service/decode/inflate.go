package decode

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxCodings = 3 // content codings of a body; servers use one
)

// The first bytes of compressed bodies. A gzip that was decoded as text has a replacement for its second byte.
const (
	gzipMagic   = "\x1f\x8b\x08"
	zstdMagic   = "\x28\xb5\x2f\xfd"
	brokenMagic = "\x1f\ufffd\x08"
)

// unreadCodings are the content codings without a decompressor in the standard library.
var unreadCodings = []string{"br", "zstd", "compress"}

// Inflate undoes the content codings of a body that is still compressed, and reports whether the body was whole. Most clients
// have decompressed the body, and kept the header. A body that it cannot decompress within limit bytes becomes a sentence that
// says so.
func Inflate(body []byte, encoding string, limit int) (_ []byte, whole bool) {
	whole = true
	for n, more := 0, true; more && n < maxCodings; n++ {
		comma := strings.LastIndexByte(encoding, ',') // the last coding is the outer one
		coding := strings.ToLower(strings.TrimSpace(encoding[comma+1:]))
		encoding, more = encoding[:max(comma, 0)], comma >= 0
		reader, err := newDecompressor(coding, body)
		if err != nil {
			return []byte(unreadBody + err.Error()), true
		}
		if reader == nil {
			continue
		}
		inflated, err := io.ReadAll(io.LimitReader(reader, int64(limit)+1))
		switch {
		case len(inflated) > limit:
			return fmt.Appendf(nil, unreadBody+"it is compressed, and has more than %d bytes when decompressed", limit), true
		case err != nil && len(inflated) == 0:
			return []byte(unreadBody + "it is compressed and damaged"), true
		}
		body, whole = inflated, whole && err == nil
	}
	return body, whole
}

// Readable reports whether Inflate returns the whole body, within limit bytes.
func Readable(body []byte, encoding string, limit int) bool {
	inflated, whole := Inflate(body, encoding, limit)
	return whole && !bytes.HasPrefix(inflated, []byte(unreadBody))
}

// unreadBody begins the text that replaces a body.
const unreadBody = "cbcerr cannot read the body: "

// newDecompressor returns a reader of a compressed body, nil if the body is not compressed.
func newDecompressor(coding string, body []byte) (io.Reader, error) {
	switch {
	case bytes.HasPrefix(body, []byte(gzipMagic)):
		z, err := gzip.NewReader(bytes.NewReader(bytes.TrimRight(body, "\r\n"))) // the last byte is 0, of a length
		if err != nil {
			return nil, errors.New("it is compressed with gzip and damaged")
		}
		return z, nil
	case bytes.HasPrefix(body, []byte(brokenMagic)):
		return nil, errors.New("it is compressed with gzip and was decoded as text; send the bytes, or decompress them")
	case bytes.HasPrefix(body, []byte(zstdMagic)):
		return nil, errors.New("it is compressed with zstd; decompress it")
	case coding != "deflate" && !slices.Contains(unreadCodings, coding) || !isBinary(body):
		return nil, nil
	case coding != "deflate":
		return nil, fmt.Errorf("it is compressed with %s; decompress it", coding)
	}
	return Deflate(body), nil
}

// Deflate returns a reader that undoes the content coding deflate. Some servers send it without the frame of zlib.
func Deflate(body []byte) io.Reader {
	if z, err := zlib.NewReader(bytes.NewReader(body)); err == nil {
		return z
	}
	return flate.NewReader(bytes.NewReader(body))
}

// isBinary reports whether a body is no text: it is neither UTF-8 nor UTF-16 and has a control character.
func isBinary(body []byte) bool {
	return !utf8.Valid(body) && sniffUTF16(body) == nil &&
		slices.ContainsFunc(body, func(b byte) bool { return b < ' ' && b != '\t' && b != '\n' && b != '\r' })
}
