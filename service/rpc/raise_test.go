package rpc_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/test/testserver"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/testing/protocmp"
)

// newRaise returns a RaiseRequest with the fields of a TranslateRequest.
func newRaise(r *errorv1.TranslateRequest) *errorv1.RaiseRequest {
	return &errorv1.RaiseRequest{Response: r.GetResponse(), Locales: r.GetLocales()}
}

// Raise fails with the status of Translate, including its details, in each locale.
func TestRaise_Status(t *testing.T) {
	t.Parallel()
	both := newClients(t)
	for _, r := range []*errorv1.TranslateRequest{
		newRequest(400, documentedBody), newRequest(200, `{"error_code":"CBC.3106"}`), newRequest(401, `{"error_code":"CBC.0154"}`), newRequest(502, "<html>"),
		newRequest(200, `{"error_details":[{"id":"1","error_code":"CBC.0250"}]}`),
	} {
		for _, locale := range []string{"en", "zh-CN"} {
			r.Locales = []string{locale}
			forEachTransport(t, both, func(t *testing.T, c client) {
				want, err := c.Translate(t.Context(), r)
				if err != nil || want.GetTranslation().GetStatus().GetCode() == 0 {
					t.Fatalf("%v, %v, want an error", want, err)
				}
				_, err = c.Raise(t.Context(), newRaise(r))
				if diff := cmp.Diff(want.GetTranslation().GetStatus(), status.Convert(err).Proto(), protocmp.Transform()); diff != "" {
					t.Errorf("%v (-want +got)\n%s", err, diff)
				}
			})
		}
	}
}

func TestRaise_Success(t *testing.T) {
	t.Parallel()
	forEachTransport(t, newClients(t), func(t *testing.T, c client) {
		for _, r := range []*errorv1.TranslateRequest{newRequest(200, ""), newRequest(200, `{"error_code":"CBC.0000"}`), newRequest(204, "")} {
			if _, err := c.Raise(t.Context(), newRaise(r)); err != nil {
				t.Errorf("%v: %v", r, err)
			}
		}
	})
}

func TestRaise_InvalidRequest(t *testing.T) {
	t.Parallel()
	forEachTransport(t, newClients(t), func(t *testing.T, c client) {
		_, err := c.Raise(t.Context(), &errorv1.RaiseRequest{})
		wantInvalid(t, err, "response", "missing")
		_, err = c.Raise(t.Context(), newRaise(withStatus(99)))
		wantInvalid(t, err, c.spelled("response.http_status"), "100 to 599")
	})
}

// Translated errors tell clients not to retry. The service's own errors do not.
func TestRaise_RetryPushback(t *testing.T) {
	t.Parallel()
	c := newClients(t)[0]
	for _, k := range []struct {
		name string
		r    *errorv1.RaiseRequest
		want []string
	}{
		{"translated", newRaise(newRequest(400, documentedBody)), []string{"-1"}},
		{"success", newRaise(newRequest(200, "")), nil},
		{"own", newRaise(withStatus(99)), nil},
	} {
		var trailer metadata.MD
		_, _ = c.Raise(t.Context(), k.r, grpc.Trailer(&trailer))
		if diff := cmp.Diff(k.want, trailer.Get("grpc-retry-pushback-ms")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", k.name, diff)
		}
	}
}

const retryAll = `{"methodConfig":[{"name":[{}],"retryPolicy":{"maxAttempts":5,"initialBackoff":"0.001s","maxBackoff":"0.01s",
"backoffMultiplier":1,"retryableStatusCodes":["ABORTED","UNAVAILABLE"]}}]}`

func TestRaise_RetryPolicy(t *testing.T) {
	t.Parallel()
	counter := &attemptCounter{}
	conn, err := grpc.NewClient(testserver.StartSmall(t).GRPCAddr(), grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(retryAll), grpc.WithStatsHandler(counter))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	c := newClient("gRPC", conn)
	for _, k := range []struct {
		http int32
		body string
		want codes.Code
	}{
		{400, documentedBody, codes.Aborted}, {409, "?", codes.Aborted}, {503, "?", codes.Unavailable},
	} {
		before := counter.sent.Load()
		_, err := c.Raise(t.Context(), newRaise(newRequest(k.http, k.body)))
		if n := counter.sent.Load() - before; status.Code(err) != k.want || n != 1 {
			t.Errorf("%v after %d attemptCounter, want %v after one", err, n, k.want)
		}
	}
}

// Over REST, headers repeat the details that HTTP has a header for.
func TestRaise_RESTHeaders(t *testing.T) {
	t.Parallel()
	base := "http://" + testserver.StartSmall(t).HTTPAddr()
	for _, k := range []struct {
		name, accept string
		http         int
		body         string
		want         map[string]string
	}{
		{"throttled", "", 429, `{"error_code":"CBC.0250"}`, map[string]string{":status": "429", "Retry-After": "1", "Content-Type": "application/json"}},
		{"operation in progress", "", 400, documentedBody, map[string]string{":status": "409", "Retry-After": "30"}},
		{"error in 200", "", 200, `{"error_code":"CBC.3106"}`, map[string]string{":status": "400", "Retry-After": ""}},
		{"no token", "", 401, `{"error_code":"CBC.0154"}`, map[string]string{":status": "401", "WWW-Authenticate": `Bearer realm="cbc.huaweicloud.com"`}},
		{"problem", "application/problem+json", 429, `{"error_code":"CBC.0250"}`, map[string]string{":status": "429", "Retry-After": "1", "Content-Type": "application/problem+json"}},
		{"success", "application/problem+json", 200, ``, map[string]string{":status": "200", "Content-Type": "application/json", "Content-Language": "", "Cache-Control": ""}},
	} {
		t.Run(k.name, func(t *testing.T) {
			got := post(t, base+"/v1/responses:raise", fmt.Sprintf(`{"response":{"httpStatus":%d,"text":%q},"locales":["zh-Hans"]}`, k.http, k.body), k.accept)
			want := map[string]string{"Vary": "Accept, Accept-Language, X-Language", "Content-Language": "zh-CN", "Cache-Control": "no-store"}
			for name, value := range k.want {
				want[name] = value
			}
			for name, value := range want {
				if got.header(name) != value {
					t.Errorf("%s: %q, want %q", name, got.header(name), value)
				}
			}
		})
	}
}

// A restResponse is an HTTP response with its body.
type restResponse struct {
	*http.Response
	body []byte
}

func (a restResponse) header(name string) string {
	if name == ":status" {
		return fmt.Sprint(a.StatusCode)
	}
	return a.Header.Get(name)
}

func post(t *testing.T, address, body, accept string) restResponse {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return send(t, r, accept)
}

func send(t *testing.T, r *http.Request, accept string) restResponse {
	t.Helper()
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return restResponse{response, read(t, response)}
}
