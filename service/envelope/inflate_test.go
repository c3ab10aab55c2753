package envelope_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/envelope"
	"golang.org/x/text/encoding/simplifiedchinese"
)

const uncompressed = `{"error_code":"CBC.5003","error_msg":"余额不足。"}`

// TestParse_CompressedBodies holds that a body that is still compressed is decompressed, and one without compression is
// read as it is, whatever the header declares.
func TestParse_CompressedBodies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, encoding, contentType, body string }{
		{"gzip", "gzip", "", gzipped(uncompressed)},
		{"gzip in upper case", "GZIP", "", gzipped(uncompressed)},
		{"gzip, undeclared", "", "", gzipped(uncompressed)},
		{"gzip of GBK", "x-gzip", "application/json;charset=GBK", gzipped(uncompressedGBK())},
		{"gzip with a line end behind it", "gzip", "", gzipped(uncompressed) + "\r\n"},
		{"gzip twice", "gzip, gzip", "", gzipped(gzipped(uncompressed))},
		{"deflate", "deflate", "", zlibbed(uncompressed)},
		{"deflate without a frame", "deflate", "", deflated(uncompressed)},
		{"gzip within deflate", "gzip,deflate", "", zlibbed(gzipped(uncompressed))},
		{"header of a decompressed body", "gzip", "", uncompressed},
		{"header of a decompressed body, deflate", "deflate", "", uncompressed},
		{"header of a decompressed body, br", "br", "", uncompressed},
		{"header of a decompressed body in GBK", "deflate", "", uncompressedGBK()},
		{"unknown header", "utf-8", "", uncompressed},
	} {
		for _, length := range []string{"", "99"} {
			headers := map[string]string{"content-encoding": c.encoding, "Content-Type": c.contentType, "Content-Length": length}
			if c.encoding == "" {
				headers["Content-Length"] = ""
			}
			e := envelope.Parse(envelope.Response{HTTPStatus: 400, Headers: headers, Body: []byte(c.body)})
			if e.Code != "CBC.5003" || e.Message != "余额不足。" || e.Form != envelope.JSON {
				t.Errorf("%s: code %q, message %q, %v", c.name, e.Code, e.Message, e.Form)
			}
		}
	}
}

// TestParse_EmptyCompressed tests that a compressed body of nothing is empty, and that a lost one is not whole.
func TestParse_EmptyCompressed(t *testing.T) {
	t.Parallel()
	for body, lost := range map[string]bool{gzipped(""): false, "": true} {
		headers := map[string]string{"Content-Encoding": "gzip", "Content-Length": strconv.Itoa(len(gzipped("")))}
		e := envelope.Parse(envelope.Response{HTTPStatus: 200, Headers: headers, Body: []byte(body)})
		if e.CutOff != lost || (e.Form == envelope.Empty) == lost {
			t.Errorf("%q: %v, cut off %t", body, e.Form, e.CutOff)
		}
	}
}

// TestParse_UnreadableCompression holds that a body that cannot be decompressed is a text that says so, on errors and on
// successes.
func TestParse_UnreadableCompression(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, encoding, body, want string }{
		{"br", "br", unbase64("CxuAeyJlcnJvcl9jb2RlIjoiQ0JDLjUwMDMiLCJlcnJvcl9tc2ciOiLkvZnpop3kuI3otrPjgIIifQM="), "compressed with br"},
		{"page in br", "br", unbase64("G5UA+B2nwZpe6hNnsyMNrBbfDpKED9oO/rPmLi9jyOiSFqkAyyA8AQb4/zhnYFQdo2L1pZHG3gM="), "compressed with br"},
		{"zstd", "zstd", unbase64("KLUv/QRYyQAAeyJlcnJvcl9jb2RlIjoiQ0JDLjUwMDMifWCwsyw="), "compressed with zstd"},
		{"zstd, undeclared", "", "\x28\xb5\x2f\xfd\x24\x19", "compressed with zstd"},
		{"gzip that was decoded as text", "gzip", "\x1f\ufffd\b\x00\x00", "decoded as text"},
		{"head of a gzip", "gzip", "\x1f\x8b\x08\x00\x00", "damaged"},
		{"damaged gzip", "gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff", "damaged"},
		{"damaged deflate", "deflate", "\x78\x9c\xff\xff\xff\xff\x01", "damaged"},
		{"more than the limit", "gzip", gzipped(strings.Repeat(" ", 5000)), "more than 4096 bytes"},
		{"more than the limit, at the second level", "gzip, gzip", gzipped(gzipped(strings.Repeat(" ", 50<<10))), "more than 4096 bytes"},
	} {
		for _, status := range []int{200, 400} {
			headers := map[string]string{"Content-Encoding": c.encoding}
			e := envelope.Parse(envelope.Response{HTTPStatus: status, Headers: headers, Body: []byte(c.body), MaxInflated: 4096})
			if !strings.Contains(e.Message, c.want) || e.Code != "" || e.Form != envelope.Text {
				t.Errorf("%s, HTTP %d: code %q, message %q, %v, want %q", c.name, status, e.Code, e.Message, e.Form, c.want)
			}
		}
	}
}

// TestParse_TruncatedCompression holds that of a truncated body what was decompressed counts.
func TestParse_TruncatedCompression(t *testing.T) {
	t.Parallel()
	whole := gzipped(uncompressed + strings.Repeat(" ", 100))
	for name, body := range map[string]string{"without its checksum": whole[:len(whole)-8], "with a wrong checksum": whole[:len(whole)-8] + "\x01\x01\x01\x01\x01\x01\x01\x01"} {
		e := envelope.Parse(envelope.Response{HTTPStatus: 400, Headers: map[string]string{"Content-Encoding": "gzip"}, Body: []byte(body)})
		if e.Code != "CBC.5003" || e.Form != envelope.Malformed {
			t.Errorf("%s: code %q, %v", name, e.Code, e.Form)
		}
	}
}

// TestParse_BombMemory holds that a body that becomes a thousand times larger takes memory in proportion to the limit.
func TestParse_BombMemory(t *testing.T) {
	bomb := []byte(gzipped(strings.Repeat("\x00", 64<<20)))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	e := envelope.Parse(envelope.Response{HTTPStatus: 400, Body: bomb, MaxInflated: 1 << 20})
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 10<<20 || !strings.Contains(e.Message, "more than 1048576 bytes") {
		t.Errorf("%d bytes allocated, message %q", got, e.Message)
	}
}

func gzipped(text string) string {
	return compressed(text, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
}

func zlibbed(text string) string {
	return compressed(text, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
}

func deflated(text string) string {
	return compressed(text, func(w io.Writer) io.WriteCloser {
		f, _ := flate.NewWriter(w, flate.BestCompression) // fails only for other levels
		return f
	})
}

func compressed(text string, newWriter func(io.Writer) io.WriteCloser) string {
	var buffer bytes.Buffer
	w := newWriter(&buffer)
	_, _ = io.WriteString(w, text) // a buffer does not fail
	w.Close()
	return buffer.String()
}

func uncompressedGBK() string {
	encoded, _ := simplifiedchinese.GBK.NewEncoder().String(uncompressed) // it has all the characters
	return encoded
}

func unbase64(text string) string {
	decoded, _ := base64.StdEncoding.DecodeString(text) // constants of the tests
	return string(decoded)
}
