package rpc_test

import (
	"context"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// What a caller says about languages, in the request and beside it, from the strongest word to the weakest.
func TestLanguages(t *testing.T) {
	t.Parallel()
	both := clients(t)
	for _, c := range []struct {
		name              string
		locales           []string
		accept, xLanguage []string
		want              string
	}{
		{"nothing said", nil, nil, nil, "en"},
		{"locale", []string{"zh-CN"}, nil, nil, "zh-CN"},
		{"Accept-Language", nil, []string{"zh-CN"}, nil, "zh-CN"},
		{"X-Language", nil, nil, []string{"zh_CN"}, "zh-CN"},
		{"locale before Accept-Language", []string{"en"}, []string{"zh-CN"}, []string{"zh_CN"}, "en"},
		{"Accept-Language before X-Language", nil, []string{"en"}, []string{"zh_CN"}, "en"},
		{"locale nobody has", []string{"fr"}, []string{"zh"}, nil, "zh-CN"},
		{"locale nobody can read", []string{"!!"}, []string{"zh"}, nil, "zh-CN"},
		{"second locale", []string{"fr", "zh-TW"}, nil, nil, "zh-CN"},
		{"order of weights", nil, []string{"en;q=0.2, zh;q=0.9"}, nil, "zh-CN"},
		{"weight 0", nil, []string{"zh;q=0, en"}, nil, "en"},
		{"element nobody can read", nil, []string{"xx-invalid-!!, zh"}, nil, "zh-CN"},
		{"two headers", nil, []string{"fr", "zh-Hans-SG"}, nil, "zh-CN"},
		{"Accept-Language nobody has", nil, []string{"fr"}, []string{"zh_CN"}, "zh-CN"},
		{"nothing that can be had", []string{"fr"}, []string{"fr"}, []string{"fr"}, "en"},
	} {
		t.Run(c.name, func(t *testing.T) {
			request := coded("CBC.0250")
			request.Locales = c.locales
			ctx := saying(t.Context(), "accept-language", c.accept)
			ctx = saying(ctx, "x-language", c.xLanguage)
			over(t, both, func(t *testing.T, via client) {
				answer, err := via.Translate(ctx, request)
				wantLocale(t, answer.GetTranslation(), err, c.want)
			})
		})
	}
}

// saying adds metadata, which are headers over REST.
func saying(ctx context.Context, key string, values []string) context.Context {
	for _, value := range values {
		ctx = metadata.AppendToOutgoingContext(ctx, key, value)
	}
	return ctx
}

// texts are the texts of CBC.0250.
func texts(locale string) string {
	return map[string]string{"en": "Connection request control triggered.", "zh-CN": "消息流量控制。"}[locale]
}

// wantLocale finds the locale and its text in all three places.
func wantLocale(t *testing.T, got *errorv1.Translation, err error, locale string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if got.GetLocale() != locale {
		t.Errorf("locale %q, want %q", got.GetLocale(), locale)
	}
	said := infoOf(t, got).GetMetadata()
	if said["locale"] != locale || said["message"] != texts(locale) {
		t.Errorf("ErrorInfo %v, want %s", said, locale)
	}
	message := new(errdetails.LocalizedMessage)
	if err := got.GetStatus().GetDetails()[2].UnmarshalTo(message); err != nil {
		t.Fatal(err)
	}
	if message.GetLocale() != locale || message.GetMessage() != texts(locale) {
		t.Errorf("LocalizedMessage %v, want %s", message, locale)
	}
}

// HTTP lets through what gRPC's metadata cannot hold; it must not cost the caller the rest of the header.
func TestAcceptLanguageThatIsNoASCII(t *testing.T) {
	t.Parallel()
	ctx := saying(t.Context(), "accept-language", []string{"中文, zh"})
	answer, err := clients(t)[1].Translate(ctx, coded("CBC.0250"))
	wantLocale(t, answer.GetTranslation(), err, "zh-CN")
}

// A gateway in front of us sends the header on under its own name.
func TestAcceptLanguageThroughAnotherGateway(t *testing.T) {
	t.Parallel()
	ctx := metadata.AppendToOutgoingContext(t.Context(), "grpcgateway-accept-language", "zh-CN")
	answer, err := clients(t)[0].Translate(ctx, coded("CBC.0250"))
	wantLocale(t, answer.GetTranslation(), err, "zh-CN")
}

// Each request of a batch has its own locales; what the headers say is for all.
func TestLanguagesOfABatch(t *testing.T) {
	t.Parallel()
	english := coded("CBC.0250")
	english.Locales = []string{"en"}
	ctx := saying(t.Context(), "accept-language", []string{"zh-CN"})
	over(t, clients(t), func(t *testing.T, c client) {
		answer, err := c.BatchTranslate(ctx, batch(english, coded("CBC.0250")))
		if err != nil || len(answer.GetResults()) != 2 {
			t.Fatalf("%v, %v, want 2 results", answer, err)
		}
		wantLocale(t, answer.GetResults()[0].GetTranslation(), nil, "en")
		wantLocale(t, answer.GetResults()[1].GetTranslation(), nil, "zh-CN")
	})
}

// Caches must know what an answer depends on, and readers its language.
func TestHeadersAboutLanguages(t *testing.T) {
	t.Parallel()
	overREST := clients(t)[1]
	for _, c := range []struct {
		name, language string
		call           func(context.Context, grpc.CallOption) error
	}{
		{"Translate", "zh-CN", func(ctx context.Context, o grpc.CallOption) error {
			_, err := overREST.Translate(ctx, coded("CBC.0250"), o)
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
			if err := c.call(saying(t.Context(), "accept-language", []string{"zh"}), grpc.Header(&got)); err != nil {
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
