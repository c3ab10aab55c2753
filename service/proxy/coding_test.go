package proxy_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	cbc "github.com/cbcerr/cbcerr/service/client"
)

// TestProxy_Gzip tests that compressed bodies pass compressed, and are judged.
func TestProxy_Gzip(t *testing.T) {
	var compressed bytes.Buffer
	z := gzip.NewWriter(&compressed)
	_, _ = io.WriteString(z, busy)
	_ = z.Close()
	for _, chunked := range []bool{false, true} {
		upstream := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Accept-Encoding") != "" {
				t.Error("upstream is asked to compress")
			}
			w.Header().Set("Content-Encoding", "gzip")
			for _, b := range compressed.Bytes() {
				_, _ = w.Write([]byte{b})
				if chunked {
					_ = http.NewResponseController(w).Flush()
				}
			}
		})
		r := get(t, start(t, config(upstream.URL)).Addr(), "/", "Accept-Encoding", "gzip")
		if !bytes.Equal(r.body, compressed.Bytes()) || r.header.Get("cbcerr-code") != "CBC.3144" || r.header.Get("Content-Encoding") != "gzip" {
			t.Errorf("chunked %v: %v, %q", chunked, r.header, r.body)
		}
	}
}

// TestProxy_Deflate tests that bodies with deflate, with the frame of zlib and without it, pass as they are and are judged. A
// damaged one is not.
func TestProxy_Deflate(t *testing.T) {
	var framed, bare bytes.Buffer
	z := zlib.NewWriter(&framed)
	_, _ = io.WriteString(z, busy)
	_ = z.Close()
	f, _ := flate.NewWriter(&bare, flate.BestSpeed) // the level is valid
	_, _ = io.WriteString(f, busy)
	_ = f.Close()
	for _, k := range []struct {
		name, code string
		body       []byte
	}{
		{"framed", "CBC.3144", framed.Bytes()}, {"bare", "CBC.3144", bare.Bytes()}, {"empty", "", nil}, {"damaged", "", framed.Bytes()[:framed.Len()-4]},
		{"not compressed", "", []byte(busy)},
	} {
		upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", "deflate")
			_, _ = w.Write(k.body)
		})
		r := get(t, start(t, config(upstream.URL)).Addr(), "/")
		if !bytes.Equal(r.body, k.body) || r.header.Get("cbcerr-code") != k.code || r.header.Get("Content-Encoding") != "deflate" {
			t.Errorf("%s: %v, %q", k.name, r.header, r.body)
		}
		if r = get(t, start(t, raising(upstream.URL)).Addr(), "/"); k.code != "" && (r.status != 409 || r.header.Get("Content-Encoding") != "") {
			t.Errorf("%s: HTTP %d, %v", k.name, r.status, r.header)
		}
	}
}

// TestProxy_OtherCodings tests that a plain text under another coding is judged, and a compressed one is not, as in the library.
func TestProxy_OtherCodings(t *testing.T) {
	library, err := cbc.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct {
		name, coding, body string
		judged             bool
	}{
		{"plain br", "br", busy, true}, {"plain zstd", "zstd", busy, true}, {"plain unknown", "aws-chunked", busy, true}, {"empty", "br", "", false},
		{"br", "br", "\x0b\x02\x80\x00\xff\xfe" + busy + "\x03", false}, {"zstd", "zstd", "\x28\xb5\x2f\xfd\x00" + busy, false},
	} {
		header := http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {k.coding}}
		upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
			maps.Copy(w.Header(), header)
			_, _ = io.WriteString(w, k.body)
		})
		if err := library.CheckBody(http.StatusOK, header, []byte(k.body)); (err != nil) != k.judged {
			t.Errorf("%s: the library returns %v", k.name, err)
		}
		r := get(t, start(t, config(upstream.URL)).Addr(), "/")
		if string(r.body) != k.body || (r.header.Get("cbcerr-code") == "CBC.3144") != k.judged || r.header.Get("Content-Encoding") != k.coding {
			t.Errorf("%s: %v, %q", k.name, r.header, r.body)
		}
		r = get(t, start(t, raising(upstream.URL)).Addr(), "/")
		if (r.status == http.StatusConflict) != k.judged || r.header.Get("Content-Encoding") != map[bool]string{false: k.coding}[k.judged] {
			t.Errorf("%s: HTTP %d, %v", k.name, r.status, r.header)
		}
	}
}

// TestProxy_GzipBomb tests that a success that grows beyond the limit is not judged.
func TestProxy_GzipBomb(t *testing.T) {
	var compressed bytes.Buffer
	z := gzip.NewWriter(&compressed)
	_, _ = io.WriteString(z, `{"error_code":"CBC.3144","a":"`+strings.Repeat("x", 5<<20)+`"}`)
	_ = z.Close()
	upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(compressed.Bytes())
	})
	r := get(t, start(t, raising(upstream.URL)).Addr(), "/")
	if r.status != http.StatusOK || !bytes.Equal(r.body, compressed.Bytes()) || r.header.Get("cbcerr-reason") != "" {
		t.Errorf("HTTP %d, %v", r.status, r.header)
	}
}
