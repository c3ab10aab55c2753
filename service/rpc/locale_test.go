package rpc_test

import (
	"context"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// The locales of the request take precedence over Accept-Language, which takes precedence over X-Language.
func TestLocale_Precedence(t *testing.T) {
	t.Parallel()
	both := newClients(t)
	for _, c := range []struct {
		name              string
		locales           []string
		accept, xLanguage []string
		want              string
	}{
		{"no preference", nil, nil, nil, "en"},
		{"locale", []string{"zh-CN"}, nil, nil, "zh-CN"},
		{"Accept-Language", nil, []string{"zh-CN"}, nil, "zh-CN"},
		{"X-Language", nil, nil, []string{"zh_CN"}, "zh-CN"},
		{"locale before Accept-Language", []string{"en"}, []string{"zh-CN"}, []string{"zh_CN"}, "en"},
		{"Accept-Language before X-Language", nil, []string{"en"}, []string{"zh_CN"}, "en"},
		{"unavailable locale", []string{"fr"}, []string{"zh"}, nil, "zh-CN"},
		{"malformed locale", []string{"!!"}, []string{"zh"}, nil, "zh-CN"},
		{"second locale", []string{"fr", "zh-TW"}, nil, nil, "zh-CN"},
		{"order of weights", nil, []string{"en;q=0.2, zh;q=0.9"}, nil, "zh-CN"},
		{"weight 0", nil, []string{"zh;q=0, en"}, nil, "en"},
		{"malformed element", nil, []string{"xx-invalid-!!, zh"}, nil, "zh-CN"},
		{"two headers", nil, []string{"fr", "zh-Hans-SG"}, nil, "zh-CN"},
		{"unavailable Accept-Language", nil, []string{"fr"}, []string{"zh_CN"}, "zh-CN"},
		{"nothing available", []string{"fr"}, []string{"fr"}, []string{"fr"}, "en"},
	} {
		t.Run(c.name, func(t *testing.T) {
			request := requestWithCode("CBC.0250")
			request.Locales = c.locales
			ctx := withMetadata(t.Context(), "accept-language", c.accept)
			ctx = withMetadata(ctx, "x-language", c.xLanguage)
			forEachTransport(t, both, func(t *testing.T, via client) {
				response, err := via.Translate(ctx, request)
				wantLocale(t, response.GetTranslation(), err, c.want)
			})
		})
	}
}

// withMetadata adds outgoing metadata. restConn sends them as headers.
func withMetadata(ctx context.Context, key string, values []string) context.Context {
	for _, value := range values {
		ctx = metadata.AppendToOutgoingContext(ctx, key, value)
	}
	return ctx
}

// textOf0250 returns the text of CBC.0250.
func textOf0250(locale string) string {
	return map[string]string{"en": "Connection request control triggered.", "zh-CN": "消息流量控制。"}[locale]
}

// wantLocale checks the locale of a translation, and its text in ErrorInfo and LocalizedMessage.
func wantLocale(t *testing.T, got *errorv1.Translation, err error, locale string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if got.GetLocale() != locale {
		t.Errorf("locale %q, want %q", got.GetLocale(), locale)
	}
	said := infoOf(t, got).GetMetadata()
	if said["locale"] != locale || said["message"] != textOf0250(locale) {
		t.Errorf("ErrorInfo %v, want %s", said, locale)
	}
	message := new(errdetails.LocalizedMessage)
	if err := got.GetStatus().GetDetails()[2].UnmarshalTo(message); err != nil {
		t.Fatal(err)
	}
	if message.GetLocale() != locale || message.GetMessage() != textOf0250(locale) {
		t.Errorf("LocalizedMessage %v, want %s", message, locale)
	}
}

// HTTP headers may have bytes that gRPC metadata cannot. The rest of such a header is still used.
func TestLocale_NonASCIIHeader(t *testing.T) {
	t.Parallel()
	ctx := withMetadata(t.Context(), "accept-language", []string{"中文, zh"})
	response, err := newClients(t)[1].Translate(ctx, requestWithCode("CBC.0250"))
	wantLocale(t, response.GetTranslation(), err, "zh-CN")
}

// A grpc-gateway in front of the server forwards the header with a prefix.
func TestLocale_ForwardedByGateway(t *testing.T) {
	t.Parallel()
	ctx := metadata.AppendToOutgoingContext(t.Context(), "grpcgateway-accept-language", "zh-CN")
	response, err := newClients(t)[0].Translate(ctx, requestWithCode("CBC.0250"))
	wantLocale(t, response.GetTranslation(), err, "zh-CN")
}

// Each request of a batch has its own locales. The headers apply to all requests.
func TestLocale_Batch(t *testing.T) {
	t.Parallel()
	english := requestWithCode("CBC.0250")
	english.Locales = []string{"en"}
	ctx := withMetadata(t.Context(), "accept-language", []string{"zh-CN"})
	forEachTransport(t, newClients(t), func(t *testing.T, c client) {
		response, err := c.BatchTranslate(ctx, newBatch(english, requestWithCode("CBC.0250")))
		if err != nil || len(response.GetResults()) != 2 {
			t.Fatalf("%v, %v, want 2 results", response, err)
		}
		wantLocale(t, response.GetResults()[0].GetTranslation(), nil, "en")
		wantLocale(t, response.GetResults()[1].GetTranslation(), nil, "zh-CN")
	})
}

// Responses have Vary, and Content-Language if they are one translation.
func TestLocale_ResponseHeaders(t *testing.T) {
	t.Parallel()
	overREST := newClients(t)[1]
	for _, c := range []struct {
		name, language string
		call           func(context.Context, grpc.CallOption) error
	}{
		{"Translate", "zh-CN", func(ctx context.Context, o grpc.CallOption) error {
			_, err := overREST.Translate(ctx, requestWithCode("CBC.0250"), o)
			return err
		}},
		{"TranslateRaw", "zh-CN", func(ctx context.Context, o grpc.CallOption) error {
			_, err := overREST.TranslateRaw(ctx, &errorv1.TranslateRawRequest{HttpStatus: 400}, o)
			return err
		}},
		{"ListLocales", "", func(ctx context.Context, o grpc.CallOption) error {
			_, err := overREST.ListLocales(ctx, &errorv1.ListLocalesRequest{}, o)
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got metadata.MD
			if err := c.call(withMetadata(t.Context(), "accept-language", []string{"zh"}), grpc.Header(&got)); err != nil {
				t.Fatal(err)
			}
			wantHeader(t, got, "vary", "Accept, Accept-Language, X-Language")
			wantHeader(t, got, "content-language", c.language)
		})
	}
}

func wantHeader(t *testing.T, header metadata.MD, key, want string) {
	t.Helper()
	got := header.Get(key)
	if len(got) > 1 || len(got) == 1 && got[0] != want || len(got) == 0 && want != "" {
		t.Errorf("%s: %q, want %q", key, got, want)
	}
}
