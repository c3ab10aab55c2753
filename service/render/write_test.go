package render

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"
)

// everything has every detail that a status may have, and every kind of field with and without a value.
func everything(t testing.TB) *errorv1.Translation {
	t.Helper()
	s := &statuspb.Status{Code: 10, Message: "a \"b\" \\ \b\f\n\r\t\x01\x7f<&> \u2028 余额 😀"}
	for _, m := range []proto.Message{
		&errdetails.ErrorInfo{Reason: "R", Domain: "d", Metadata: map[string]string{"b": "2", "a": "1", "": "empty", "上": "key"}}, &errdetails.ErrorInfo{},
		&errorv1.CbcError{Code: 250, RawCode: "CBC.0250", HttpStatus: -1, Match: 99}, &errorv1.CbcError{},
		&errdetails.LocalizedMessage{Locale: "zh-CN", Message: "余额"}, &errdetails.RetryInfo{RetryDelay: durationpb.New(5e9)}, &errdetails.RetryInfo{},
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "f"}, {Description: "d"}, {}}}, &errdetails.BadRequest{},
		&errdetails.PreconditionFailure{Violations: []*errdetails.PreconditionFailure_Violation{{Type: "T", Subject: "s"}}},
		&errdetails.QuotaFailure{Violations: []*errdetails.QuotaFailure_Violation{{Subject: "s", QuotaMetric: "m"}}},
		&errdetails.ResourceInfo{ResourceType: "t"}, &errdetails.RequestInfo{RequestId: "q"},
		&errdetails.Help{Links: []*errdetails.Help_Link{{Url: "u"}, {Description: "d"}}},
	} {
		packed := new(anypb.Any)
		if err := anypb.MarshalFrom(packed, m, proto.MarshalOptions{Deterministic: true}); err != nil {
			t.Fatal(err)
		}
		s.Details = append(s.Details, packed)
	}
	items := []*errorv1.FailedItem{{Id: "1", Status: &statuspb.Status{Code: 1}}, {}}
	return &errorv1.Translation{Status: s, Locale: "zh-CN", Items: items}
}

func with(details ...*anypb.Any) proto.Message {
	return &errorv1.Translation{Status: &statuspb.Status{Code: 3, Details: details}}
}

// TestWriteFast_SameAsProtojson tests every message with translations and every detail. Blanks do not count.
func TestWriteFast_SameAsProtojson(t *testing.T) {
	all := everything(t)
	failed := &errorv1.TranslateResult{Result: &errorv1.TranslateResult_Error{Error: all.GetStatus()}}
	good := &errorv1.TranslateResult{Result: &errorv1.TranslateResult_Translation{Translation: all}}
	for _, m := range []proto.Message{
		all, &errorv1.Translation{}, &errorv1.TranslateResponse{Translation: all}, &errorv1.TranslateResponse{},
		&errorv1.TranslateRawResponse{Translation: all}, &errorv1.BatchTranslateResponse{Results: []*errorv1.TranslateResult{failed, good, {}}},
	} {
		text, ok := writeFast(m)
		if !ok {
			t.Errorf("%s is not known", m.ProtoReflect().Descriptor().Name())
		}
		same(t, m, text)
	}
}

// same compares the JSON of a message with protojson's.
func same(t *testing.T, m proto.Message, text []byte) {
	t.Helper()
	long, err := protoJSON(m)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	var want bytes.Buffer
	if err := json.Compact(&want, long); err != nil {
		t.Fatal(err)
	}
	if string(text) != want.String() {
		t.Fatalf("\n got %s\nwant %s", text, want.String())
	}
}

// TestWriteFast_Unsupported: a writer leaves anything that it does not support to protojson.
func TestWriteFast_Unsupported(t *testing.T) {
	info := func(b string) *anypb.Any {
		return &anypb.Any{TypeUrl: "type.googleapis.com/google.rpc.ErrorInfo", Value: []byte(b)}
	}
	half, _ := anypb.New(&errdetails.RetryInfo{RetryDelay: durationpb.New(5e8)})
	negative, _ := anypb.New(&errdetails.RetryInfo{RetryDelay: durationpb.New(-5e9)})
	value, _ := anypb.New(structpb.NewStringValue("x"))
	wait, _ := anypb.New(durationpb.New(5e9))
	unknown := &errorv1.Translation{}
	unknown.ProtoReflect().SetUnknown(protowire.AppendVarint(protowire.AppendTag(nil, 99, protowire.VarintType), 1))
	for name, m := range map[string]proto.Message{
		"part of a second": with(half), "negative wait": with(negative), "value": with(value), "duration": with(wait), "nothing": with(&anypb.Any{}),
		"unknown type": with(&anypb.Any{TypeUrl: "type.googleapis.com/a.B"}), "unknown field": unknown, "twice": with(info("\n\x01a\n\x01b")),
		"unknown field of a detail": with(info("\x7a\x01a")), "number for a text": with(info("\x08\x01")), "broken": with(info("\n\x07a")),
		"group": with(info("\x0b\x0c")), "no UTF-8": with(info("\n\x01\xff")), "key twice": with(info(strings.Repeat("\x1a\x06\n\x01a\x12\x01b", 2))),
		"half an entry": with(info("\x1a\x03\n\x01a")), "struct": structpb.NewStringValue("x"),
	} {
		if text, ok := writeFast(m); ok {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// FuzzWriteFast: for any bytes, writeFast writes what protojson writes, or nothing.
func FuzzWriteFast(f *testing.F) {
	all, err := proto.MarshalOptions{Deterministic: true}.Marshal(everything(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(all, []byte("\n\x01a"), "google.rpc.ErrorInfo")
	f.Add([]byte{}, []byte("\n\x02\x08\x05"), "google.rpc.RetryInfo")
	f.Fuzz(func(t *testing.T, b, value []byte, name string) {
		m := &errorv1.Translation{}
		if proto.Unmarshal(b, m) != nil {
			return
		}
		if m.GetStatus() != nil && name != "" {
			m.Status.Details = append(m.Status.Details, &anypb.Any{TypeUrl: "type.googleapis.com/" + name, Value: value})
		}
		if text, ok := writeFast(m); ok {
			same(t, m, text)
		}
	})
}

// BenchmarkJSON writes a translation with every detail with both writers.
func BenchmarkJSON(b *testing.B) {
	all := everything(b)
	b.Run("known", func(b *testing.B) {
		for b.Loop() {
			writeFast(all)
		}
	})
	b.Run("protojson", func(b *testing.B) {
		for b.Loop() {
			_, _ = protoJSON(all)
		}
	})
}
