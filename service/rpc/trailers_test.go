package rpc_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/render"
	"github.com/cbcerr/cbcerr/service/test/testserver"
	"google.golang.org/genproto/googleapis/rpc/code"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// oversizedRequest returns a request whose response exceeds the limit of every text of a status.
func oversizedRequest(code string) *errorv1.TranslateRequest {
	long := strings.Repeat("余额\u007f%", 2000)
	body := fmt.Sprintf(`{"error_code":%q,"error_msg":"correct permission code is %s","errorItems":["%s"],"domain_id":"%s",
		"encoded_authorization_message":%q}`, code, long, strings.Repeat(`field_name","`, 3000), long, strings.Repeat("QUJD", 1500))
	r := newRequest(400, body)
	r.Response.Headers = map[string]string{"X-Request-Id": long}
	r.Response.Origin = &errorv1.Origin{Service: strings.Repeat("s", 64), Site: "cn"}
	return r
}

// The status of every code fits in 8,192 bytes of trailers, the default limit of Java and C-core. A client with a lower limit
// proves that clients enforce theirs.
func TestRaise_TrailerSize(t *testing.T) {
	t.Parallel()
	address := testserver.StartSmall(t).GRPCAddr()
	c, strict := newClient("", dialWithHeaderLimit(t, address, 8192)), newClient("", dialWithHeaderLimit(t, address, 1024))
	list, err := c.ListErrorCodes(t.Context(), &errorv1.ListErrorCodesRequest{PageSize: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range list.GetEntries() {
		for _, locale := range []string{"en", "zh-CN"} {
			r := newRaise(oversizedRequest(entry.GetCode()))
			r.Locales = []string{locale}
			if entry.GetService() != "" && entry.GetHttpStatus() > 0 {
				r.Response.HttpStatus = entry.GetHttpStatus() // selects the entry among those of its code
			}
			_, err := c.Raise(t.Context(), r)
			if want := render.EnumName(entry.GetReason()); entry.GetStatus() != code.Code_OK && reasonOf(err) != want {
				t.Errorf("%s in %s: %v, want %s", entry.GetCode(), locale, err, want)
			}
		}
	}
	if _, err := strict.Raise(t.Context(), newRaise(oversizedRequest("CBC.0250"))); reasonOf(err) != "" {
		t.Errorf("%v came through 1024 bytes of headers", err)
	}
}

func TestRaise_LongMessage(t *testing.T) {
	t.Parallel()
	c := newClient("", dialWithHeaderLimit(t, testserver.StartSmall(t).GRPCAddr(), 8192))
	for _, filling := range []string{"x", "余", "%", "\u007f"} {
		message := strings.Repeat(filling, 1_000_000/len(filling))
		_, err := c.Raise(t.Context(), newRaise(newRequest(400, `{"error_code":"CBC.99003651","error_msg":"`+message+`"}`)))
		if reasonOf(err) != "INSTANCE_OPERATION_IN_PROGRESS" {
			t.Errorf("a megabyte of %q: %v", filling, err)
		}
	}
}

func dialWithHeaderLimit(t *testing.T, address string, bytes uint32) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithMaxHeaderListSize(bytes))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func reasonOf(err error) string {
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(interface{ GetReason() string }); ok {
			return info.GetReason()
		}
	}
	return ""
}

// The trailers grpc-status and grpc-message agree with grpc-status-details-bin.
func TestRaise_TrailersOnTheWire(t *testing.T) {
	t.Parallel()
	s := testserver.StartSmall(t)
	c := newClient("", dial(t, s.GRPCAddr()))
	for _, r := range []*errorv1.TranslateRequest{newRequest(400, documentedBody), newRequest(401, `{"error_code":"CBC.0154"}`), oversizedRequest("CBC.0101")} {
		want, err := c.Translate(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		trailer := overHTTP2(t, s.GRPCAddr(), "/cbc.error.v1.TranslationService/Raise", newRaise(r))
		details, err := base64.RawStdEncoding.DecodeString(headerValue(trailer, "grpc-status-details-bin"))
		if err != nil {
			t.Fatal(err)
		}
		got := new(statuspb.Status)
		if err := proto.Unmarshal(details, got); err != nil || !proto.Equal(got, want.GetTranslation().GetStatus()) {
			t.Errorf("%v, %v, want %v", got, err, want.GetTranslation().GetStatus())
		}
		message, err := url.PathUnescape(headerValue(trailer, "grpc-message"))
		if err != nil || message != got.GetMessage() || message == "" {
			t.Errorf("grpc-message %q, %v, want %q", message, err, got.GetMessage())
		}
		if code := headerValue(trailer, "grpc-status"); code != fmt.Sprint(got.GetCode()) {
			t.Errorf("grpc-status %s, want %d", code, got.GetCode())
		}
	}
}

// overHTTP2 calls a method with a plain HTTP/2 client and returns the trailers.
func overHTTP2(t *testing.T, address, method string, request proto.Message) metadata.MD {
	t.Helper()
	message, err := proto.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	frame := append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message))), message...)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+method, bytes.NewReader(frame))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Content-Type": {"application/grpc"}, "Te": {"trailers"}}
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	response, err := (&http.Transport{Protocols: protocols}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	read(t, response)
	ended := metadata.MD{}
	for _, part := range []http.Header{response.Header, response.Trailer} { // a trailers-only response has all of them in its header
		for name, values := range part {
			ended.Append(name, values...)
		}
	}
	return ended
}

func headerValue(md metadata.MD, key string) string { return strings.Join(md.Get(key), "|") }
