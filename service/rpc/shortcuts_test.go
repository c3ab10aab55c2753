package rpc_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"github.com/cbcerr/cbcerr/service/translate"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

// both are the two ways to one answer.
type both struct {
	short map[string]func(context.Context, []byte) (mem.BufferSlice, bool)
	long  errorv1.TranslationServiceServer
}

func bothWays(t testing.TB, limits rpc.Limits) both {
	t.Helper()
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	s := rpc.New(c, translate.New(c, limits.Items), limits, "")
	return both{s.Shortcuts(), s.Translation()}
}

// shortly takes the shortcut of a method, from bytes that are overwritten afterwards: nothing of them may be kept.
func (b both) shortly(t testing.TB, method string, request []byte) (reply []byte, ok bool) {
	request = bytes.Clone(request)
	buffer, ok := b.short[method](t.Context(), request)
	clear(request)
	if !ok {
		return nil, false
	}
	defer buffer.Free()
	return buffer.Materialize(), true
}

// hold holds the three shortcuts to the methods, for one request and for a batch of it among others. It tells whether the
// request went the short way.
func (b both) hold(t *testing.T, request []byte) bool {
	t.Helper()
	message := new(errorv1.TranslateRequest)
	unreadable := proto.Unmarshal(request, message)
	got, short := b.shortly(t, errorv1.TranslationService_Translate_FullMethodName, request)
	if short {
		want, err := b.long.Translate(t.Context(), message)
		if unreadable != nil || err != nil {
			t.Fatalf("%q: answered, but %v, %v", request, unreadable, err)
		}
		equal(t, request, got, want)
		b.holdMessage(t, request, want)
	}
	if unreadable == nil {
		b.holdBatch(t, request, message)
	}
	return short
}

func (b both) holdMessage(t *testing.T, request []byte, want *errorv1.TranslateResponse) {
	t.Helper()
	for _, id := range []string{"", "message 7"} {
		in := protowire.AppendBytes(protowire.AppendTag(nil, 2, protowire.BytesType), request)
		in = protowire.AppendString(protowire.AppendTag(in, 1, protowire.BytesType), id)
		got, ok := b.shortly(t, errorv1.TranslationService_StreamTranslate_FullMethodName, in)
		if !ok {
			t.Fatalf("%q: answered, but not in a stream", request)
		}
		result := &errorv1.TranslateResult{Result: &errorv1.TranslateResult_Translation{Translation: want.GetTranslation()}}
		equal(t, in, got, &errorv1.StreamTranslateResponse{Id: id, Result: result})
	}
}

func (b both) holdBatch(t *testing.T, request []byte, message *errorv1.TranslateRequest) {
	t.Helper()
	plain := asked(403, `{"error_code":"CBC.0150","error_msg":"no"}`)
	other, err := proto.Marshal(plain)
	if err != nil {
		t.Fatal(err)
	}
	var in []byte
	batch := &errorv1.BatchTranslateRequest{}
	for i := range 4 {
		one, of := request, message
		if i == 2 {
			one, of = other, plain
		}
		in = protowire.AppendBytes(protowire.AppendTag(in, 1, protowire.BytesType), one)
		batch.Requests = append(batch.Requests, of)
	}
	got, ok := b.shortly(t, errorv1.TranslationService_BatchTranslate_FullMethodName, in)
	want, err := b.long.BatchTranslate(t.Context(), batch)
	if !ok || err != nil {
		t.Fatalf("%q: batch answered %t, %v", request, ok, err)
	}
	equal(t, in, got, want)
}

func equal(t *testing.T, request, got []byte, message proto.Message) {
	t.Helper()
	want, err := proto.MarshalOptions{Deterministic: true}.Marshal(message)
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("%q\n got %q\nwant %q (%v)", request, got, want, err)
	}
}

// requests are usual and unusual ones; the usual ones come first.
func requests(t testing.TB) (all [][]byte, usual int) {
	t.Helper()
	add := func(change func(*errorv1.TranslateRequest)) {
		r := asked(403, `{"error_code":"CBC.99003651","error_msg":"订单正在处理"}`)
		change(r)
		b, err := proto.MarshalOptions{Deterministic: true}.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	add(func(*errorv1.TranslateRequest) {})
	add(func(r *errorv1.TranslateRequest) { r.Locales = []string{"zh-CN"} })
	add(func(r *errorv1.TranslateRequest) { r.Locales = []string{"xx", "zh_tw", ""} })
	add(func(r *errorv1.TranslateRequest) {
		r.Response.Body = &errorv1.RawResponse_Raw{Raw: []byte(`{"error_code":"CBC.0100","error_msg":"no"}`)}
	})
	add(func(r *errorv1.TranslateRequest) {
		r.Response.Headers = map[string]string{"x-request-id": "q1", "Content-Type": "application/json", "Server": "gateway"}
		r.Response.Origin = &errorv1.Origin{Service: "bss", Site: "cn", Operation: "PayOrders"}
	})
	usual = len(all)
	add(func(r *errorv1.TranslateRequest) { r.Locales = strings.Split(strings.Repeat("en ", 5), " ") })
	add(func(r *errorv1.TranslateRequest) { r.Response.HttpStatus = 99 })
	add(func(r *errorv1.TranslateRequest) { r.Response.Body = nil })
	add(func(r *errorv1.TranslateRequest) { r.Response = nil })
	add(func(r *errorv1.TranslateRequest) {
		r.Response.Headers = map[string]string{"x-request-id": "1", "X-Request-Id": "2"}
	})
	add(func(r *errorv1.TranslateRequest) { r.Response.Headers = map[string]string{"Retry-After": "7"} })
	add(func(r *errorv1.TranslateRequest) { r.Response.Origin = &errorv1.Origin{Site: long(65)} })
	add(func(r *errorv1.TranslateRequest) { proto.Reset(r); proto.Merge(r, withHeaders(65)) })
	add(func(r *errorv1.TranslateRequest) { r.ProtoReflect().SetUnknown([]byte("\x1a\x01x")) })
	return append(all, append(bytes.Clone(all[0]), all[1]...), append(bytes.Clone(all[0]), "\x12\x02\xff\xff"...)), usual
}

// TestShortcutsSayTheSame: usual requests take them, and no request is answered otherwise for it.
func TestShortcutsSayTheSame(t *testing.T) {
	t.Parallel()
	ways := bothWays(t, rpc.DefaultLimits())
	all, usual := requests(t)
	for i, request := range all {
		if short := ways.hold(t, request); short != (i < usual) {
			t.Errorf("%q: the short way is %t", request, short)
		}
	}
}

// TestShortcutsDeclineOtherFields: a batch of a later schema, or one that is no message, goes the long way, wherever what
// is not known stands.
func TestShortcutsDeclineOtherFields(t *testing.T) {
	t.Parallel()
	ways := bothWays(t, rpc.DefaultLimits())
	all, _ := requests(t)
	batch := string(protowire.AppendBytes([]byte("\x0a"), all[0]))
	for _, other := range []string{"\x1a\x00", "\x10\x01", "\x08\x01", "\x22\x02\x0a\x00", "\x02\x00", "\x00\x01", "\xfa\x01\x00", "\x0d\x00\x00\x00\x00", "\x07", "\x0a"} {
		for _, request := range []string{batch + other, other + batch, batch + other + batch} {
			if got, ok := ways.shortly(t, errorv1.TranslationService_BatchTranslate_FullMethodName, []byte(request)); ok {
				t.Errorf("%q is answered with %q", request, got)
			}
		}
	}
	if _, ok := ways.shortly(t, errorv1.TranslationService_BatchTranslate_FullMethodName, []byte(batch+batch)); !ok {
		t.Error("a batch is not answered")
	}
}

// TestShortcutsKeepTheLimits: what breaks a limit goes the long way, which says so.
func TestShortcutsKeepTheLimits(t *testing.T) {
	t.Parallel()
	for _, change := range []func(*rpc.Limits){
		func(l *rpc.Limits) { l.Body = 40 }, func(l *rpc.Limits) { l.Headers = 2 }, func(l *rpc.Limits) { l.Locales = 0 },
		func(l *rpc.Limits) { l.Answer = 3000 }, func(l *rpc.Limits) { l.Answer = 1 },
	} {
		limits := rpc.DefaultLimits()
		change(&limits)
		ways := bothWays(t, limits)
		all, _ := requests(t)
		for _, request := range all {
			ways.hold(t, request)
		}
	}
}

// FuzzShortcuts: whatever bytes come, a shortcut declines or says what the method says.
func FuzzShortcuts(f *testing.F) {
	all, _ := requests(f)
	for _, request := range all {
		f.Add(request)
	}
	talks, err := golden.Read("../translate/testdata")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range talks {
		r := &errorv1.RawResponse{HttpStatus: int32(c.Status), Headers: c.Headers, Body: &errorv1.RawResponse_Raw{Raw: c.Body}}
		b, err := proto.Marshal(&errorv1.TranslateRequest{Response: r, Locales: []string{"zh-CN"}})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	ways := bothWays(f, rpc.DefaultLimits())
	f.Fuzz(func(t *testing.T, request []byte) { ways.hold(t, request) })
}
