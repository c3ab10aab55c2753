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

// maximal is a response that has too much of everything.
func maximal(code string) *errorv1.TranslateRequest {
	long := strings.Repeat("余额\u007f%", 2000)
	body := fmt.Sprintf(`{"error_code":%q,"error_msg":"correct permission code is %s","errorItems":["%s"],"domain_id":"%s",
		"encoded_authorization_message":%q}`, code, long, strings.Repeat(`field_name","`, 3000), long, strings.Repeat("QUJD", 1500))
	r := asked(400, body)
	r.Response.Headers = map[string]string{"X-Request-Id": long}
	r.Response.Origin = &errorv1.Origin{Service: strings.Repeat("s", 64), Site: "cn"}
	return r
}

// A client that takes 8,192 bytes of headers, the default of Java and of C-core, gets every code in every language with
// its reason, however much there is to say; a client that is stricter than that shows that the limit is enforced.
func TestTrailersFitEveryClient(t *testing.T) {
	t.Parallel()
	address := testserver.Start(t).GRPCAddr()
	c, strict := newClient("", limited(t, address, 8192)), newClient("", limited(t, address, 1024))
	list, err := c.ListErrorCodes(t.Context(), &errorv1.ListErrorCodesRequest{PageSize: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range list.GetEntries() {
		for _, locale := range []string{"en", "zh-CN"} {
			r := raised(maximal(entry.GetCode()))
			r.Locales = []string{locale}
			if entry.GetService() != "" && entry.GetHttpStatus() > 0 {
				r.Response.HttpStatus = entry.GetHttpStatus() // the one that tells it from the other meanings of its code
			}
			_, err := c.Raise(t.Context(), r)
			if want := render.EnumName(entry.GetReason()); entry.GetStatus() != code.Code_OK && reasonOf(err) != want {
				t.Errorf("%s in %s: %v, want %s", entry.GetCode(), locale, err, want)
			}
		}
	}
	if _, err := strict.Raise(t.Context(), raised(maximal("CBC.0250"))); reasonOf(err) != "" {
		t.Errorf("%v came through 1024 bytes of headers", err)
	}
}

func TestMessageOfAMegabyteStillHasCodeAndReason(t *testing.T) {
	t.Parallel()
	c := newClient("", limited(t, testserver.Start(t).GRPCAddr(), 8192))
	for _, filling := range []string{"x", "余", "%", "\u007f"} {
		message := strings.Repeat(filling, 1_000_000/len(filling))
		_, err := c.Raise(t.Context(), raised(asked(400, `{"error_code":"CBC.99003651","error_msg":"`+message+`"}`)))
		if reasonOf(err) != "INSTANCE_OPERATION_IN_PROGRESS" {
			t.Errorf("a megabyte of %q: %v", filling, err)
		}
	}
}

func limited(t *testing.T, address string, bytes uint32) *grpc.ClientConn {
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

// What clients without rich errors read is what the others read: grpc-status and grpc-message are those of the status in
// grpc-status-details-bin, seen by a client that is none of gRPC's own.
func TestTrailersAsTheyAreOnTheWire(t *testing.T) {
	t.Parallel()
	s := testserver.Start(t)
	c := newClient("", dial(t, s.GRPCAddr()))
	for _, r := range []*errorv1.TranslateRequest{asked(400, plain), asked(401, `{"error_code":"CBC.0154"}`), maximal("CBC.0101")} {
		want, err := c.Translate(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		trailer := overHTTP2(t, s.GRPCAddr(), "/cbc.error.v1.TranslationService/Raise", raised(r))
		details, err := base64.RawStdEncoding.DecodeString(first(trailer, "grpc-status-details-bin"))
		if err != nil {
			t.Fatal(err)
		}
		got := new(statuspb.Status)
		if err := proto.Unmarshal(details, got); err != nil || !proto.Equal(got, want.GetTranslation().GetStatus()) {
			t.Errorf("%v, %v, want %v", got, err, want.GetTranslation().GetStatus())
		}
		message, err := url.PathUnescape(first(trailer, "grpc-message"))
		if err != nil || message != got.GetMessage() || message == "" {
			t.Errorf("grpc-message %q, %v, want %q", message, err, got.GetMessage())
		}
		if code := first(trailer, "grpc-status"); code != fmt.Sprint(got.GetCode()) {
			t.Errorf("grpc-status %s, want %d", code, got.GetCode())
		}
	}
}

// overHTTP2 calls a method as any HTTP/2 client can, and answers with how the call ended.
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
	for _, part := range []http.Header{response.Header, response.Trailer} { // an error without an answer is one block of both
		for name, values := range part {
			ended.Append(name, values...)
		}
	}
	return ended
}

func first(md metadata.MD, key string) string { return strings.Join(md.Get(key), "|") }
