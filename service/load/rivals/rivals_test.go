package rivals

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
	kratos "github.com/go-kratos/kratos/v2/errors"
	"github.com/googleapis/gax-go/v2/apierror"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// The response that all of them read.
const (
	httpStatus = http.StatusForbidden
	code       = "CBC.99003651"
	message    = "Another operation is in progress, try again later."
	requestID  = "8a7d5e0f3b1c4d2e"
)

var body = fmt.Appendf(nil, `{"error_code":%q,"error_msg":%q}`, code, message)

// A way makes something of the response.
type way struct {
	name, gives string
	// prepare returns the function that is measured; what it makes tells its code.
	prepare func(testing.TB) func() (code string)
}

var ways = []way{
	{"cbcerr, to wire", "everything below and the details, in the caller's language, as bytes", toWire},
	{"cbcerr, to a Status", "the same as a message", toStatus},
	{"official Go SDK", "code, message and request id as they are; no meaning, language or advice", officialSDK},
	{"kratos", "an ErrorInfo with a reason and metadata, a gRPC code by the HTTP status", kratosError},
	{"gax-go", "an ErrorInfo and a LocalizedMessage, read back as an APIError", gaxError},
	{"by hand", "an ErrorInfo and a LocalizedMessage", byHand},
}

func response() translate.Response {
	headers := map[string]string{"X-Request-Id": requestID, "Content-Type": "application/json"}
	return translate.Response{Response: envelope.Response{HTTPStatus: httpStatus, Headers: headers, Body: body}}
}

func translator(t testing.TB) *translate.Translator {
	t.Helper()
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return translate.New(c, translate.DefaultItems)
}

func toWire(t testing.TB) func() string {
	own, r, b := translator(t), response(), []byte(nil)
	return func() string {
		b = own.Append(b[:0], r, "zh-CN")
		return rawCode(b)
	}
}

// rawCode finds the code in the bytes without reading them as a message, which would be measured too.
func rawCode(translation []byte) string {
	if at := bytes.Index(translation, []byte(code)); at >= 0 {
		return code
	}
	return ""
}

func toStatus(t testing.TB) func() string {
	own, r := translator(t), response()
	return func() string { return rawCode(own.Translate(r, "zh-CN").GetStatus().GetDetails()[1].GetValue()) }
}

func officialSDK(testing.TB) func() string {
	header := http.Header{"X-Request-Id": {requestID}, "Content-Type": {"application/json"}}
	return func() string {
		r := &http.Response{StatusCode: httpStatus, Header: header, Body: io.NopCloser(bytes.NewReader(body))}
		return sdkerr.NewServiceResponseError(r).ErrorCode
	}
}

// A pair is how everybody reads the body.
type pair struct {
	Code    string `json:"error_code"`
	Message string `json:"error_msg"`
}

func read() (p pair) {
	if err := json.Unmarshal(body, &p); err != nil {
		panic(err) // cannot happen: it is JSON
	}
	return p
}

// reason is what the table says of the code.
const reason = "INSTANCE_OPERATION_IN_PROGRESS"

func kratosError(testing.TB) func() string {
	return func() string {
		p := read()
		s := kratos.New(httpStatus, reason, p.Message).WithMetadata(map[string]string{"code": p.Code, "requestId": requestID}).GRPCStatus()
		return infoOf(s).GetMetadata()["code"]
	}
}

func infoOf(s *status.Status) *errdetails.ErrorInfo {
	info, _ := s.Details()[0].(*errdetails.ErrorInfo)
	return info
}

func written() *status.Status {
	p := read()
	s, err := status.New(codes.Aborted, p.Message).WithDetails(
		&errdetails.ErrorInfo{Reason: reason, Domain: "cbc.huaweicloud.com", Metadata: map[string]string{"code": p.Code, "requestId": requestID}},
		&errdetails.LocalizedMessage{Locale: "zh-CN", Message: "该资源有其他操作正在进行。"},
	)
	if err != nil {
		panic(err) // cannot happen: all texts are UTF-8
	}
	return s
}

func gaxError(testing.TB) func() string {
	return func() string {
		e, _ := apierror.FromError(written().Err())
		return e.Metadata()["code"]
	}
}

func byHand(testing.TB) func() string {
	return func() string { return infoOf(written()).GetMetadata()["code"] }
}

// TestWaysAreRight: each reads the code, so that what is measured is of use.
func TestWaysAreRight(t *testing.T) {
	for _, w := range ways {
		if got := w.prepare(t)(); got != code {
			t.Errorf("%s reads the code %q", w.name, got)
		}
	}
	var own errorv1.Translation
	if err := proto.Unmarshal(translator(t).Append(nil, response(), "zh-CN"), &own); err != nil || len(own.GetStatus().GetDetails()) < 4 {
		t.Errorf("%v: %v", err, &own)
	}
}

func BenchmarkWays(b *testing.B) {
	for _, w := range ways {
		b.Run(w.name, func(b *testing.B) {
			b.ReportAllocs()
			run := w.prepare(b)
			for b.Loop() {
				run()
			}
		})
	}
}
