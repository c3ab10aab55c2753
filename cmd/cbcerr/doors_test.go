package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"github.com/cbcerr/cbcerr/service/test/testserver"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/api/httpbody"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
)

// A way in asks one door for what a response means.
type wayIn func(*testing.T, golden.Conversation) *errorv1.Translation

// TestOneAnswerEverywhere: through every door a response has the same answer, which is the golden one. Raise says the
// status and no more.
func TestOneAnswerEverywhere(t *testing.T) {
	all, err := golden.Read("../../service/translate/testdata")
	if err != nil {
		t.Fatal(err)
	}
	for door, ask := range doors(t) {
		t.Run(door, func(t *testing.T) {
			t.Parallel()
			for _, c := range all {
				want := new(errorv1.Translation)
				if err := protojson.Unmarshal(c.Answer, want); err != nil {
					t.Fatal(err)
				}
				got := ask(t, c)
				if strings.HasPrefix(door, "raise") {
					want = &errorv1.Translation{Status: want.GetStatus()}
				}
				if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
					t.Errorf("%s (-want +got)\n%s", c.Name, diff)
				}
			}
		})
	}
}

func doors(t *testing.T) map[string]wayIn {
	s := testserver.Start(t)
	conn, err := grpc.NewClient(s.GRPCAddr(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	client, base := errorv1.NewTranslationServiceClient(conn), "http://"+s.HTTPAddr()
	return map[string]wayIn{
		"translate over gRPC":    overGRPC(client),
		"translateRaw over gRPC": rawOverGRPC(client),
		"batch over gRPC":        inBatch(client),
		"stream":                 inStream(client),
		"raise over gRPC":        raise(client),
		"translate over REST":    overREST(base),
		"translateRaw over REST": rawOverREST(base),
		"batch over REST":        batchOverREST(base),
		"raise over REST":        raiseOverREST(base),
		"command line":           commandLine(),
		"command line and gRPC":  commandLine("--server", s.GRPCAddr()),
		"command line and REST":  commandLine("--server", base),
	}
}

// request asks for a conversation's answer.
func request(c golden.Conversation) *errorv1.TranslateRequest {
	return &errorv1.TranslateRequest{Locales: []string{c.Locale}, Response: &errorv1.RawResponse{
		HttpStatus: int32(c.Status), Headers: c.Headers, Body: &errorv1.RawResponse_Raw{Raw: c.Body}, Origin: origin(c),
	}}
}

func origin(c golden.Conversation) *errorv1.Origin {
	return &errorv1.Origin{Service: c.Service, Site: c.Site}
}

func overGRPC(client errorv1.TranslationServiceClient) wayIn {
	return func(t *testing.T, c golden.Conversation) *errorv1.Translation {
		answer, err := client.Translate(t.Context(), request(c))
		return must(t, answer.GetTranslation(), err)
	}
}

func rawOverGRPC(client errorv1.TranslationServiceClient) wayIn {
	return func(t *testing.T, c golden.Conversation) *errorv1.Translation {
		r := &errorv1.TranslateRawRequest{HttpStatus: int32(c.Status), Headers: c.Headers, Locales: []string{c.Locale}, Origin: origin(c)}
		r.Body = &httpbody.HttpBody{Data: c.Body}
		answer, err := client.TranslateRaw(t.Context(), r)
		return must(t, answer.GetTranslation(), err)
	}
}

// inBatch asks among others, so that what belongs to which is seen.
func inBatch(client errorv1.TranslationServiceClient) wayIn {
	return func(t *testing.T, c golden.Conversation) *errorv1.Translation {
		other := &errorv1.TranslateRequest{Response: &errorv1.RawResponse{HttpStatus: 418}}
		answer, err := client.BatchTranslate(t.Context(), &errorv1.BatchTranslateRequest{Requests: []*errorv1.TranslateRequest{other, request(c), other}})
		if err != nil || len(answer.GetResults()) != 3 {
			t.Fatal(answer, err)
		}
		return answer.GetResults()[1].GetTranslation()
	}
}

func inStream(client errorv1.TranslationServiceClient) wayIn {
	return func(t *testing.T, c golden.Conversation) *errorv1.Translation {
		stream, err := client.StreamTranslate(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := stream.Send(&errorv1.StreamTranslateRequest{Id: c.Name, Request: request(c)}); err != nil {
			t.Fatal(err)
		}
		if err := stream.CloseSend(); err != nil {
			t.Fatal(err)
		}
		answer, err := stream.Recv()
		if answer.GetId() != c.Name {
			t.Errorf("id %q, want %q", answer.GetId(), c.Name)
		}
		return must(t, answer.GetResult().GetTranslation(), err)
	}
}

func raise(client errorv1.TranslationServiceClient) wayIn {
	return func(t *testing.T, c golden.Conversation) *errorv1.Translation {
		r := request(c)
		_, err := client.Raise(t.Context(), &errorv1.RaiseRequest{Response: r.GetResponse(), Locales: r.GetLocales()})
		raised := status.Convert(err).Proto()
		if raised == nil {
			raised = &statuspb.Status{}
		}
		return &errorv1.Translation{Status: raised}
	}
}

func overREST(base string) wayIn {
	return func(t *testing.T, c golden.Conversation) *errorv1.Translation {
		got := new(errorv1.Translation)
		post(t, base+"/v1/responses:translate", jsonOf(t, request(c)), got)
		return got
	}
}

func batchOverREST(base string) wayIn {
	return func(t *testing.T, c golden.Conversation) *errorv1.Translation {
		got := new(errorv1.BatchTranslateResponse)
		post(t, base+"/v1/responses:batchTranslate", jsonOf(t, &errorv1.BatchTranslateRequest{Requests: []*errorv1.TranslateRequest{request(c)}}), got)
		return got.GetResults()[0].GetTranslation()
	}
}

func raiseOverREST(base string) wayIn {
	return func(t *testing.T, c golden.Conversation) *errorv1.Translation {
		got := new(statuspb.Status) // {} is the status of a success
		post(t, base+"/v1/responses:raise", jsonOf(t, request(c)), got)
		return &errorv1.Translation{Status: got}
	}
}

func rawOverREST(base string) wayIn {
	return func(t *testing.T, c golden.Conversation) *errorv1.Translation {
		query := url.Values{"httpStatus": {fmt.Sprint(c.Status)}, "locales": {c.Locale}, "origin.site": {c.Site}, "origin.service": {c.Service}}
		for name, value := range c.Headers {
			query.Set("headers["+name+"]", value)
		}
		got := new(errorv1.Translation)
		post(t, base+"/v1/responses:translateRaw?"+query.Encode(), c.Body, got)
		return got
	}
}

// post reads an answer whatever its HTTP status is: those of raise differ.
func post(t *testing.T, address string, sent []byte, got proto.Message) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	if err := protojson.Unmarshal(text.Bytes(), got); err != nil {
		t.Fatalf("%s: %v: %s", response.Status, err, &text)
	}
}

// commandLine runs the program with the response as curl -i prints it.
func commandLine(flags ...string) wayIn {
	return func(t *testing.T, c golden.Conversation) *errorv1.Translation {
		pasted := bytes.Replace(c.Response, []byte("HTTP/1.1 "), []byte("HTTP/2 "), 1)
		return execute(t, c, string(pasted), flags...)
	}
}

func execute(t *testing.T, c golden.Conversation, stdin string, flags ...string) *errorv1.Translation {
	t.Helper()
	var out, errs bytes.Buffer
	args := append([]string{"translate", "--output", "json", "--locale", c.Locale, "--site", c.Site, "--service", c.Service}, flags...)
	exit := run(context.Background(), terminal{in: strings.NewReader(stdin), out: &out, err: &errs, env: func(string) string { return "" }}, args)
	got := new(errorv1.Translation)
	if err := protojson.Unmarshal(out.Bytes(), got); err != nil || errs.Len() > 0 {
		t.Fatalf("%s: %v: %s%s", c.Name, err, &out, &errs)
	}
	if failed := got.GetStatus().GetCode() != 0; exit != map[bool]int{true: exitFailure, false: exitSuccess}[failed] {
		t.Errorf("%s: exit status %d of code %d", c.Name, exit, got.GetStatus().GetCode())
	}
	return got
}

func jsonOf(t *testing.T, m proto.Message) []byte {
	t.Helper()
	text, err := protojson.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func must(t *testing.T, got *errorv1.Translation, err error) *errorv1.Translation {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return got
}
