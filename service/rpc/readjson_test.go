package rpc_test

import (
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
)

// usualJSON and unusualJSON are requests as JSON, some of which are none.
var (
	usualJSON = []string{
		`{"response":{"httpStatus":403,"headers":{"X-Request-Id":"q1","":"余额"},"raw":"eyJhIjoxfQ==","origin":{"service":"bss","site":"cn","operation":"PayOrders"}},"locales":["zh-CN","en"]}`,
		" {\n \"locales\" : [ ] , \"response\" : { \"text\" : \"a\\\"\\u4f59\\n\" , \"httpStatus\" : 0, \"origin\" : { } } } ",
		`{}`, `{"response":{}}`, `{"response":{"raw":""}}`, `{"response":{"text":""}}`,
	}
	unusualJSON = []string{
		``, `[]`, `null`, `{"response":null}`, `{"response":{"json":{"error_code":"CBC.0100"}}}`, `{"response":{"http_status":403}}`, `{"response":{"httpStatus":"403"}}`,
		`{"response":{"httpStatus":4e2}}`, `{"response":{"httpStatus":403.5}}`, `{"response":{"httpStatus":-1}}`, `{"response":{"httpStatus":0403}}`, `{"response":{"httpStatus":}}`, `{"locales":["en",]}`,
		`{"locales":["en"],}`, `{"locales":[],"locales":[]}`, `{"response":{"origin":{"site":"cn","site":"cn"}}}`, `{"response":{"text":"\x"}}`, "{\"response\":{\"text\":\"\n\"}}",
		`{"response":{"headers":{},"headers":{}}}`, `{"response":{},"response":{}}`, `{"locales":["\"]}`, `{"a`, `{"locales" "en"}`, `{"response":{"httpStatus":99999999999}}`, `{"response":{"httpStatus":1,"httpStatus":2}}`,
		`{"response":{"raw":"eyJhIjoxfQ"}}`, `{"response":{"raw":"-_=="}}`, `{"response":{"raw":"eyJhIjoxfQ==\n"}}`, `{"response":{"raw":"eyJhI\r\njoxfQ=="}}`, `{"response":{"raw":"","text":""}}`, `{"response":{"headers":{"a":1}}}`,
		`{"response":{"headers":{"a":"1","a":"2"}}}`, `{"locales":"en"}`, `{"locales":["en"`, `{"locales":["en"]} {}`, `{"other":1}`, "{\"locales\":[\"\xff\"]}", `{"locales":["\ud800"]}`,
	}
)

// holdJSON holds the short way to protobuf's, and tells whether it was the short one.
func holdJSON(t *testing.T, s *rpc.Service, text []byte) (short bool) {
	t.Helper()
	for _, m := range []proto.Message{&errorv1.TranslateRequest{}, &errorv1.RaiseRequest{}} {
		want := proto.Clone(m)
		err := protojson.Unmarshal(text, want)
		short = s.ReadJSON(text, m)
		if !short {
			want, err = want.ProtoReflect().New().Interface(), nil // nothing is left of what was read
		}
		if diff := cmp.Diff(want, m, protocmp.Transform()); diff != "" || err != nil {
			t.Fatalf("%s: %v (-want +got)\n%s", text, err, diff)
		}
	}
	return short
}

// TestRequestsAreReadTheSame: usual ones the short way, and none otherwise than protobuf reads it.
func TestRequestsAreReadTheSame(t *testing.T) {
	t.Parallel()
	s := rpc.New(nil, nil, rpc.DefaultLimits(), "")
	for _, text := range usualJSON {
		if !holdJSON(t, s, []byte(text)) {
			t.Errorf("%s was not read the short way", text)
		}
	}
	for _, text := range unusualJSON {
		if holdJSON(t, s, []byte(text)) {
			t.Errorf("%s was read the short way", text)
		}
	}
	if s.ReadJSON([]byte(`{}`), &errorv1.BatchTranslateRequest{}) {
		t.Error("a batch was read the short way")
	}
}

// FuzzReadJSON: whatever text comes, the short way reads what protobuf reads, or nothing.
func FuzzReadJSON(f *testing.F) {
	for _, list := range [][]string{usualJSON, unusualJSON} {
		for _, text := range list {
			f.Add([]byte(text))
		}
	}
	s := rpc.New(nil, nil, rpc.DefaultLimits(), "")
	f.Fuzz(func(t *testing.T, text []byte) { holdJSON(t, s, text) })
}
