package rpc_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/rpc"
	"google.golang.org/genproto/googleapis/api/httpbody"
	"google.golang.org/protobuf/types/known/structpb"
)

// bodyLimit is the limit of bodies in these tests. The string full is JSON of exactly that size.
const (
	bodyLimit = 16
	full      = `"0123456789abcd"`
)

func smallBody(l *rpc.Limits) { l.Body = bodyLimit }

// with returns a valid request with one change.
func with(change func(*errorv1.TranslateRequest)) *errorv1.TranslateRequest {
	r := newRequest(400, "{}")
	r.Response.Origin = &errorv1.Origin{}
	change(r)
	return r
}

func withStatus(status int32) *errorv1.TranslateRequest {
	return with(func(r *errorv1.TranslateRequest) { r.Response.HttpStatus = status })
}

func withHeaders(n int) *errorv1.TranslateRequest {
	return with(func(r *errorv1.TranslateRequest) {
		r.Response.Headers = map[string]string{}
		for i := range n {
			r.Response.Headers[fmt.Sprint("X-", i)] = "1"
		}
	})
}

func withLocales(locales ...string) *errorv1.TranslateRequest {
	return with(func(r *errorv1.TranslateRequest) { r.Locales = locales })
}

func withOrigin(origin *errorv1.Origin) *errorv1.TranslateRequest {
	return with(func(r *errorv1.TranslateRequest) { r.Response.Origin = origin })
}

func withText(text string) *errorv1.TranslateRequest { return newRequest(400, text) }

func withRaw(raw string) *errorv1.TranslateRequest {
	return with(func(r *errorv1.TranslateRequest) { r.Response.Body = &errorv1.RawResponse_Raw{Raw: []byte(raw)} })
}

func withJSON(value *structpb.Value) *errorv1.TranslateRequest {
	return with(func(r *errorv1.TranslateRequest) { r.Response.Body = &errorv1.RawResponse_Json{Json: value} })
}

// longName returns a string of n bytes, at least 2.
func longName(n int) string { return "zh" + strings.Repeat("x", n-2) }

func TestTranslate_OverLimit(t *testing.T) {
	t.Parallel()
	both := newClients(t, smallBody)
	for _, c := range []struct {
		name               string
		request            *errorv1.TranslateRequest
		field, description string
	}{
		{"no response", &errorv1.TranslateRequest{}, "response", "missing"},
		{"status too small", withStatus(99), "response.http_status", "100 to 599"},
		{"status too large", withStatus(600), "response.http_status", "100 to 599"},
		{"negative status", withStatus(-400), "response.http_status", "100 to 599"},
		{"raw body too large", withRaw(full + " "), "response.raw", "at most 16"},
		{"text body too large", withText(full + " "), "response.text", "at most 16"},
		{"JSON body too large", withJSON(structpb.NewStringValue(full)), "response.json", "at most 16"},
		{"too many headers", withHeaders(65), "response.headers", "at most 64"},
		{"too many locales", withLocales(strings.Split(strings.Repeat("en ", 17), " ")[:17]...), "locales", "at most 16"},
		{"long locale", withLocales("en", longName(65)), "locales[1]", "at most 64"},
		{"long service", withOrigin(&errorv1.Origin{Service: longName(65)}), "response.origin.service", "at most 64"},
		{"long site", withOrigin(&errorv1.Origin{Site: longName(65)}), "response.origin.site", "at most 64"},
		{"unknown site", withOrigin(&errorv1.Origin{Site: "moon"}), "response.origin.site", `moon\" is not a site; it must be one of cn, intl, eu`},
		{"long operation", withOrigin(&errorv1.Origin{Operation: longName(65)}), "response.origin.operation", "at most 64"},
	} {
		t.Run(c.name, func(t *testing.T) {
			forEachTransport(t, both, func(t *testing.T, via client) {
				_, err := via.Translate(t.Context(), c.request)
				wantInvalid(t, err, via.spelled(c.field), c.description)
			})
		})
	}
}

// Values at a limit are accepted.
func TestTranslate_AtLimit(t *testing.T) {
	t.Parallel()
	both := newClients(t, smallBody)
	for name, request := range map[string]*errorv1.TranslateRequest{
		"smallest status": withStatus(100),
		"largest status":  withStatus(599),
		"raw body":        withRaw(full),
		"text body":       withText(full),
		"JSON body":       withJSON(structpb.NewStringValue(strings.Trim(full, `"`))),
		"headers":         withHeaders(64),
		"locales":         withLocales(strings.Split(strings.Repeat("en ", 16), " ")[:16]...),
		"locale":          withLocales(longName(64)),
		"origin":          withOrigin(&errorv1.Origin{Service: longName(64), Site: "Intl", Operation: longName(64)}),
		"no body":         with(func(r *errorv1.TranslateRequest) { r.Response.Body = nil }),
	} {
		t.Run(name, func(t *testing.T) {
			forEachTransport(t, both, func(t *testing.T, via client) {
				if _, err := via.Translate(t.Context(), request); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// JSON cannot represent these values, so only gRPC can send them.
func TestTranslate_InvalidJSONValue(t *testing.T) {
	t.Parallel()
	overGRPC := newClients(t)[0]
	for name, value := range map[string]*structpb.Value{
		"NaN":           structpb.NewNumberValue(math.NaN()),
		"infinity":      structpb.NewNumberValue(math.Inf(1)),
		"unset":         {},
		"unset, nested": structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{{}}}),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := overGRPC.Translate(t.Context(), withJSON(value))
			wantInvalid(t, err, "response.json", "not a JSON value")
		})
	}
}

// A body over 1 MiB fails with an error of its field, as its message is below the message limit of 4 MiB.
func TestTranslate_DefaultBodyLimit(t *testing.T) {
	t.Parallel()
	request := withRaw(strings.Repeat("x", 2_000_000))
	forEachTransport(t, newClients(t), func(t *testing.T, via client) {
		_, err := via.Translate(t.Context(), request)
		wantInvalid(t, err, "response.raw", "at most 1048576")
	})
}

// The fields of TranslateRawRequest have no response prefix.
func TestTranslateRaw_OverLimit(t *testing.T) {
	t.Parallel()
	both := newClients(t, smallBody)
	for _, c := range []struct {
		field, description string
		request            *errorv1.TranslateRawRequest
	}{
		{"http_status", "100 to 599", &errorv1.TranslateRawRequest{HttpStatus: 99}},
		{"headers", "at most 64", &errorv1.TranslateRawRequest{HttpStatus: 400, Headers: withHeaders(65).GetResponse().GetHeaders()}},
		{"body", "at most 16", &errorv1.TranslateRawRequest{HttpStatus: 400, Body: &httpbody.HttpBody{Data: []byte(full + " ")}}},
		{"origin.site", "at most 64", &errorv1.TranslateRawRequest{HttpStatus: 400, Origin: &errorv1.Origin{Site: longName(65)}}},
		{"origin.site", `moon\" is not a site`, &errorv1.TranslateRawRequest{HttpStatus: 400, Origin: &errorv1.Origin{Site: "moon"}}},
		{"locales[0]", "at most 64", &errorv1.TranslateRawRequest{HttpStatus: 400, Locales: []string{longName(65)}}},
	} {
		t.Run(c.field+" "+c.description, func(t *testing.T) {
			forEachTransport(t, both, func(t *testing.T, via client) {
				_, err := via.TranslateRaw(t.Context(), c.request)
				wantInvalid(t, err, via.spelled(c.field), c.description)
			})
		})
	}
}
