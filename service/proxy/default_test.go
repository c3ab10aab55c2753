package proxy_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"github.com/google/go-cmp/cmp"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
)

// TestProxy_Golden sends every golden case through the proxy. Status and body stay, and the headers have the expected error.
func TestProxy_Golden(t *testing.T) {
	cases := goldens(t)
	p := start(t, config(newUpstream(t, answerGolden(cases)).URL))
	for _, c := range cases {
		r := get(t, p.Addr(), "/v2/orders?case="+c.Name, "Accept-Language", c.Locale)
		if r.err != nil || r.status != c.Status || !bytes.Equal(r.body, c.Body) || r.header.Get("Content-Type") != c.Header("Content-Type") {
			t.Errorf("%s: HTTP %d %q (%v), want %d %q", c.Name, r.status, r.body, r.err, c.Status, c.Body)
		}
		checkHeaders(t, c, r.header)
	}
}

// checkHeaders compares the headers of a reply with the golden translation.
func checkHeaders(t *testing.T, c golden.Case, h http.Header) {
	t.Helper()
	want, failed := cbcerr.FromStatus(c.Want.GetStatus())
	if !failed {
		if h.Get("cbcerr-reason") != "" || h.Get("cbcerr-status-bin") != "" {
			t.Errorf("%s: a success has the headers %v", c.Name, h)
		}
		return
	}
	got := [...]string{h.Get("cbcerr-reason"), h.Get("cbcerr-retry"), h.Get("cbcerr-outcome")}
	if got != [...]string{string(want.Reason), string(want.Retry), string(want.Outcome)} {
		t.Errorf("%s: %v, want %s %s %s", c.Name, got, want.Reason, want.Retry, want.Outcome)
	}
	if code := h.Get("cbcerr-code"); code != want.Code && code != "" {
		t.Errorf("%s: code %q, want %q", c.Name, code, want.Code)
	}
	checkStatus(t, c, h.Get("cbcerr-status-bin"))
}

// checkStatus requires the golden status. A status of more than 4 KiB is compared without what it may lose.
func checkStatus(t *testing.T, c golden.Case, text string) {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(text)
	got := new(statuspb.Status)
	if err != nil || len(text) > 4096 || proto.Unmarshal(b, got) != nil {
		t.Fatalf("%s: status of %d bytes: %v", c.Name, len(text), err)
	}
	want := c.Want.GetStatus()
	if base64.StdEncoding.EncodedLen(proto.Size(want)) > 4096 {
		want = &statuspb.Status{Code: want.GetCode(), Message: want.GetMessage()}
		got.Details = nil
	}
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("%s (-want +got)\n%s", c.Name, diff)
	}
}

// TestProxy_CodeHeader tests that plain codes have their header.
func TestProxy_CodeHeader(t *testing.T) {
	upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cbcerr-Outcome", "APPLIED") // upstream may not set what clients trust
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(`{"error_code":"CBC.0250","error_msg":"slow down"}`))
	})
	r := get(t, start(t, config(upstream.URL)).Addr(), "/")
	for name, want := range map[string]string{
		"cbcerr-code": "CBC.0250", "cbcerr-reason": "REQUEST_THROTTLED", "cbcerr-retry": "BACKOFF", "cbcerr-outcome": "NOT_APPLIED",
	} {
		if got := r.header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if seconds, err := strconv.Atoi(r.header.Get("Retry-After")); err != nil || seconds < 1 {
		t.Errorf("Retry-After: %q", r.header.Get("Retry-After"))
	}
}

// TestProxy_RetryAfterOfUpstream tests that upstream's own Retry-After stays.
func TestProxy_RetryAfterOfUpstream(t *testing.T) {
	upstream := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "77")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(`{"error_code":"CBC.0250"}`))
	})
	if got := get(t, start(t, config(upstream.URL)).Addr(), "/").header.Values("Retry-After"); len(got) != 1 || got[0] != "77" {
		t.Errorf("Retry-After: %q, want 77", got)
	}
}

// TestProxy_RandomBodies tests that no body, status or content type makes the proxy change a byte.
func TestProxy_RandomBodies(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	types := []string{"", "application/json", "text/html; charset=GBK", "application/octet-stream", "text/csv", "text/event-stream", "wrong/;;"}
	codings := []string{"", "", "gzip", "br", "identity"}
	var status int
	var contentType, coding string
	var body []byte
	c := config(newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		setContentType(w, contentType)
		if coding != "" {
			w.Header().Set("Content-Encoding", coding)
		}
		w.WriteHeader(status)
		_, _ = w.Write(body)
	}).URL)
	c.MaxBodyBytes = 1000
	p := start(t, c)
	for range 1500 {
		status = []int{200, 201, 207, 301, 400, 404, 429, 500, 502}[random.IntN(9)]
		contentType, coding, body = types[random.IntN(len(types))], codings[random.IntN(len(codings))], randomBody(random)
		r := get(t, p.Addr(), "/")
		if r.err != nil || r.status != status || !bytes.Equal(r.body, body) || r.header.Get("Content-Type") != contentType || r.header.Get("Content-Encoding") != coding {
			t.Fatalf("HTTP %d, %q, coding %q, %v: %q, want %d %q", r.status, contentType, coding, r.err, r.body, status, body)
		}
	}
}

// randomBody returns random bytes, or an error with random bytes in it, around the limit of judged bodies.
func randomBody(random *rand.Rand) []byte {
	body := make([]byte, random.IntN(3)*random.IntN(800))
	for i := range body {
		body[i] = byte(random.IntN(256))
	}
	if random.IntN(2) == 0 {
		return body
	}
	return append([]byte(`{"error_code":"CBC.0250","order_ids":["1"],"error_msg":"`), body...)
}

// TestProxy_AllCodes tests every code that comes with HTTP 200.
func TestProxy_AllCodes(t *testing.T) {
	table, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, config(newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(`{"error_code":"` + r.URL.Query().Get("code") + `","error_msg":"x"}`))
	}).URL))
	n := 0
	for _, e := range table.Entries() {
		if e.HTTPStatus != http.StatusOK || e.Retry == "" {
			continue
		}
		n++
		if r := get(t, p.Addr(), "/?code="+e.Code); r.header.Get("cbcerr-code") != e.Code || r.status != http.StatusOK {
			t.Errorf("%s: HTTP %d, cbcerr-code %q", e.Code, r.status, r.header.Get("cbcerr-code"))
		}
	}
	if n < 35 {
		t.Errorf("%d codes, want at least the 35 of upstream's page", n)
	}
}

// TestProxy_LongStatus tests that a long status loses details and long values, but not its reason.
func TestProxy_LongStatus(t *testing.T) {
	p := start(t, config(newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprintf(w, `{"error_code":"CBC.0151","error_msg":%q,"encoded_authorization_message":%q}`, strings.Repeat("m", 1000), strings.Repeat("a", 2000))
	}).URL))
	h := get(t, p.Addr(), "/").header
	if info := infoOf(t, h); info.GetReason() != "ACCESS_DENIED" || info.GetMetadata()["code"] != "CBC.0151" || len(h.Get("cbcerr-status-bin")) > 4096 {
		t.Errorf("%d bytes, %v", len(h.Get("cbcerr-status-bin")), info)
	}
}
