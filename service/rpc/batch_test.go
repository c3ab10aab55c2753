package rpc_test

import (
	"slices"
	"strings"
	"testing"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

func newBatch(requests ...*errorv1.TranslateRequest) *errorv1.BatchTranslateRequest {
	return &errorv1.BatchTranslateRequest{Requests: requests}
}

// requestWithCode returns a request about a response with the code.
func requestWithCode(code string) *errorv1.TranslateRequest {
	return newRequest(400, `{"error_code":"`+code+`"}`)
}

func TestBatchTranslate_Order(t *testing.T) {
	t.Parallel()
	want := []string{"CBC.5003", "CBC.0250", "CBC.99003651", "CBC.0250", "CBC.0100"}
	var requests []*errorv1.TranslateRequest
	for _, code := range want {
		requests = append(requests, requestWithCode(code))
	}
	forEachTransport(t, newClients(t), func(t *testing.T, c client) {
		response, err := c.BatchTranslate(t.Context(), newBatch(requests...))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, result := range response.GetResults() {
			got = append(got, infoOf(t, result.GetTranslation()).GetMetadata()["code"])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// An invalid request fails alone, and its error names the index.
func TestBatchTranslate_InvalidRequest(t *testing.T) {
	t.Parallel()
	both := newClients(t)
	for _, c := range []struct {
		name, field, description string
		bad                      *errorv1.TranslateRequest
	}{
		{"status", "requests[1].response.http_status", "100 to 599", withStatus(99)},
		{"no response", "requests[1].response", "missing", &errorv1.TranslateRequest{}},
		{"locale", "requests[1].locales[0]", "at most 64", withLocales(longName(65))},
		{"origin", "requests[1].response.origin.site", "at most 64", withOrigin(&errorv1.Origin{Site: longName(65)})},
	} {
		t.Run(c.name, func(t *testing.T) {
			forEachTransport(t, both, func(t *testing.T, via client) {
				response, err := via.BatchTranslate(t.Context(), newBatch(requestWithCode("CBC.5003"), c.bad, requestWithCode("CBC.0250")))
				if err != nil || len(response.GetResults()) != 3 {
					t.Fatalf("%v, %v, want 3 results", response, err)
				}
				results := response.GetResults()
				wantMeaning(t, results[0].GetTranslation(), codes.FailedPrecondition, "BALANCE_INSUFFICIENT")
				wantInvalid(t, status.FromProto(results[1].GetError()).Err(), via.spelled(c.field), c.description)
				wantMeaning(t, results[2].GetTranslation(), codes.ResourceExhausted, "REQUEST_THROTTLED")
			})
		})
	}
}

func TestBatchTranslate_BatchSize(t *testing.T) {
	t.Parallel()
	forEachTransport(t, newClients(t), func(t *testing.T, c client) {
		for _, n := range []int{0, 1001} {
			_, err := c.BatchTranslate(t.Context(), successes(n))
			wantInvalid(t, err, "requests", "1 to 1000")
		}
		for _, n := range []int{1, 1000} {
			response, err := c.BatchTranslate(t.Context(), successes(n))
			if err != nil || len(response.GetResults()) != n {
				t.Errorf("%d results, %v, want %d", len(response.GetResults()), err, n)
			}
		}
	})
}

// successes returns a batch of n minimal requests.
func successes(n int) *errorv1.BatchTranslateRequest {
	return newBatch(slices.Repeat([]*errorv1.TranslateRequest{newRequest(200, "")}, n)...)
}

// The translations of batchSize requests exceed responseLimit, but some of them fit.
const (
	responseLimit = 10_000
	batchSize     = 20
)

// Translations that exceed the limit are replaced by an error.
func TestBatchTranslate_ResponseLimit(t *testing.T) {
	t.Parallel()
	requests := newBatch(slices.Repeat([]*errorv1.TranslateRequest{requestWithCode("CBC.0250")}, batchSize)...)
	forEachTransport(t, newClients(t, func(l *rpc.Limits) { l.Answer = responseLimit }), func(t *testing.T, c client) {
		response, err := c.BatchTranslate(t.Context(), requests)
		if err != nil || len(response.GetResults()) != batchSize || proto.Size(response) > responseLimit {
			t.Fatalf("%d results in %d bytes, %v", len(response.GetResults()), proto.Size(response), err)
		}
		results := response.GetResults()
		fit := slices.IndexFunc(results, func(r *errorv1.TranslateResult) bool { return r.GetError() != nil })
		if fit < 1 || responseLimit-proto.Size(response) > proto.Size(results[0]) {
			t.Errorf("%d translations in %d bytes: one more fits", fit, proto.Size(response))
		}
		for _, refused := range results[fit:] {
			wantError(t, status.FromProto(refused.GetError()).Err(), codes.ResourceExhausted, ownInfo("REQUEST_TOO_LARGE"))
		}
	})
}

// The default limit is what clients accept by default: 4 MiB. Each of the two translations has almost 3 MiB.
func TestBatchTranslate_DefaultResponseLimit(t *testing.T) {
	t.Parallel()
	item := `{"id":"1","error_code":"CBC.0250","error_msg":"` + strings.Repeat("x", 1000) + `"}`
	big := newRequest(200, `{"error_details":[`+strings.Repeat(item+",", 899)+item+`]}`)
	response, err := newClients(t)[0].BatchTranslate(t.Context(), newBatch(big, big))
	if err != nil || len(response.GetResults()) != 2 {
		t.Fatalf("%d results, %v, want 2", len(response.GetResults()), err)
	}
	if n := len(response.GetResults()[0].GetTranslation().GetItems()); n != 900 {
		t.Errorf("%d items, want 900", n)
	}
	refused := status.FromProto(response.GetResults()[1].GetError())
	wantError(t, refused.Err(), codes.ResourceExhausted, ownInfo("REQUEST_TOO_LARGE"))
}
