package rpc_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/rpc"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

func batch(requests ...*errorv1.TranslateRequest) *errorv1.BatchTranslateRequest {
	return &errorv1.BatchTranslateRequest{Requests: requests}
}

// coded is a request about a response with this code.
func coded(code string) *errorv1.TranslateRequest {
	return asked(400, `{"error_code":"`+code+`"}`)
}

func TestBatchKeepsTheOrder(t *testing.T) {
	t.Parallel()
	want := []string{"CBC.5003", "CBC.0250", "CBC.99003651", "CBC.0250", "CBC.0100"}
	var requests []*errorv1.TranslateRequest
	for _, code := range want {
		requests = append(requests, coded(code))
	}
	over(t, clients(t), func(t *testing.T, c client) {
		answer, err := c.BatchTranslate(t.Context(), batch(requests...))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, result := range answer.GetResults() {
			got = append(got, infoOf(t, result.GetTranslation()).GetMetadata()["code"])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// One bad request must not cost the others their answers, and must know its place.
func TestBadRequestOfABatchFailsAlone(t *testing.T) {
	t.Parallel()
	both := clients(t)
	for _, c := range []struct {
		name, field, says string
		bad               *errorv1.TranslateRequest
	}{
		{"status", "requests[1].response.http_status", "100 to 599", withStatus(0)},
		{"no response", "requests[1].response", "missing", &errorv1.TranslateRequest{}},
		{"locale", "requests[1].locales[0]", "at most 64", withLocales(long(65))},
		{"origin", "requests[1].response.origin.site", "at most 64", withOrigin(&errorv1.Origin{Site: long(65)})},
	} {
		t.Run(c.name, func(t *testing.T) {
			over(t, both, func(t *testing.T, via client) {
				answer, err := via.BatchTranslate(t.Context(), batch(coded("CBC.5003"), c.bad, coded("CBC.0250")))
				if err != nil || len(answer.GetResults()) != 3 {
					t.Fatalf("%v, %v, want 3 results", answer, err)
				}
				results := answer.GetResults()
				wantMeaning(t, results[0].GetTranslation(), nil, codes.FailedPrecondition, "BALANCE_INSUFFICIENT")
				wantInvalid(t, status.FromProto(results[1].GetError()).Err(), c.field, c.says)
				wantMeaning(t, results[2].GetTranslation(), nil, codes.ResourceExhausted, "REQUEST_THROTTLED")
			})
		})
	}
}

func TestSizeOfABatch(t *testing.T) {
	t.Parallel()
	over(t, clients(t), func(t *testing.T, c client) {
		for _, n := range []int{0, 1001} {
			_, err := c.BatchTranslate(t.Context(), successes(n))
			wantInvalid(t, err, "requests", "1 to 1000")
		}
		for _, n := range []int{1, 1000} {
			answer, err := c.BatchTranslate(t.Context(), successes(n))
			if err != nil || len(answer.GetResults()) != n {
				t.Errorf("%d results, %v, want %d", len(answer.GetResults()), err, n)
			}
		}
	})
}

// successes is a batch of the smallest requests, as only their number counts.
func successes(n int) *errorv1.BatchTranslateRequest {
	return batch(slices.Repeat([]*errorv1.TranslateRequest{asked(200, "")}, n)...)
}

// answerLimit has room for some but not all of the translations of answerSize requests.
const (
	answerLimit = 10_000
	answerSize  = 20
)

// A client that asks for too much at once gets what it can hold and hears of the rest.
func TestAnswerToABatchStaysWithinTheLimit(t *testing.T) {
	t.Parallel()
	requests := batch(slices.Repeat([]*errorv1.TranslateRequest{coded("CBC.0250")}, answerSize)...)
	over(t, clients(t, func(l *rpc.Limits) { l.Answer = answerLimit }), func(t *testing.T, c client) {
		answer, err := c.BatchTranslate(t.Context(), requests)
		if err != nil || len(answer.GetResults()) != answerSize || proto.Size(answer) > answerLimit {
			t.Fatalf("%d results in %d bytes, %v", len(answer.GetResults()), proto.Size(answer), err)
		}
		results := answer.GetResults()
		fit := slices.IndexFunc(results, func(r *errorv1.TranslateResult) bool { return r.GetError() != nil })
		if fit < 1 || answerLimit-proto.Size(answer) > proto.Size(results[0]) {
			t.Errorf("%d translations in %d bytes: there was room for more", fit, proto.Size(answer))
		}
		for _, refused := range results[fit:] {
			wantError(t, status.FromProto(refused.GetError()).Err(), codes.ResourceExhausted, own("REQUEST_TOO_LARGE"))
		}
	})
}

// By default the limit is what a client takes that has no settings of its own: 4 MiB. Each of these two answers has
// almost 3 MiB.
func TestAnswerToABatchStaysWithinWhatClientsTake(t *testing.T) {
	t.Parallel()
	item := `{"id":"1","error_code":"CBC.0250","error_msg":"` + strings.Repeat("x", 1000) + `"}`
	big := asked(200, `{"error_details":[`+strings.Repeat(item+",", 899)+item+`]}`)
	answer, err := clients(t)[0].BatchTranslate(t.Context(), batch(big, big))
	if err != nil || len(answer.GetResults()) != 2 {
		t.Fatalf("%d results, %v, want 2", len(answer.GetResults()), err)
	}
	if n := len(answer.GetResults()[0].GetTranslation().GetItems()); n != 900 {
		t.Errorf("%d items, want 900", n)
	}
	refused := status.FromProto(answer.GetResults()[1].GetError())
	wantError(t, refused.Err(), codes.ResourceExhausted, own("REQUEST_TOO_LARGE"))
}
