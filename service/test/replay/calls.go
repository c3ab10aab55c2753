package replay

import (
	"context"
	"fmt"
	"slices"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"google.golang.org/genproto/googleapis/api/httpbody"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// calls returns the entry points of one connection, except streams.
func calls(prefix string, conn grpc.ClientConnInterface) []EntryPoint {
	client := errorv1.NewTranslationServiceClient(conn)
	return []EntryPoint{
		{Name: prefix + "translate", encode: Request, call: translate(client)},
		{Name: prefix + "translate text", encode: text, call: translate(client)},
		{Name: prefix + "translate json", encode: json, call: translate(client), rewritten: true},
		{Name: prefix + "translate, keys ascending", encode: sorted(golden.Ascending), call: translate(client), rewritten: true},
		{Name: prefix + "translate, keys descending", encode: sorted(golden.Descending), call: translate(client), rewritten: true},
		{Name: prefix + "translateRaw", encode: Request, call: translateRaw(client)},
		{Name: prefix + "batch", encode: Request, call: batch(client)},
		{Name: prefix + "raise", encode: Request, call: raise(client), statusOnly: true},
	}
}

type call = func(context.Context, golden.Case, *errorv1.TranslateRequest) (*errorv1.Translation, error)

func translate(client errorv1.TranslationServiceClient) call {
	return func(ctx context.Context, _ golden.Case, r *errorv1.TranslateRequest) (*errorv1.Translation, error) {
		reply, err := client.Translate(ctx, r)
		return reply.GetTranslation(), err
	}
}

func translateRaw(client errorv1.TranslationServiceClient) call {
	return func(ctx context.Context, c golden.Case, r *errorv1.TranslateRequest) (*errorv1.Translation, error) {
		reply, err := client.TranslateRaw(ctx, &errorv1.TranslateRawRequest{
			HttpStatus: r.GetResponse().GetHttpStatus(), Headers: c.Headers, Locales: r.GetLocales(), Origin: r.GetResponse().GetOrigin(),
			Body: &httpbody.HttpBody{Data: c.Body, ContentType: c.Header("Content-Type")},
		})
		return reply.GetTranslation(), err
	}
}

// repetitions is the number of equal requests in a batch: a translation that depends on the order of a map shows there.
const repetitions = 10

// batch sends the request several times, between two others.
func batch(client errorv1.TranslationServiceClient) call {
	return func(ctx context.Context, _ golden.Case, r *errorv1.TranslateRequest) (*errorv1.Translation, error) {
		other := []*errorv1.TranslateRequest{{Response: &errorv1.RawResponse{HttpStatus: 418}}}
		requests := slices.Concat(other, slices.Repeat([]*errorv1.TranslateRequest{r}, repetitions), other)
		reply, err := client.BatchTranslate(ctx, &errorv1.BatchTranslateRequest{Requests: requests})
		if err != nil {
			return nil, err
		}
		if n := len(reply.GetResults()); n != len(requests) {
			return nil, fmt.Errorf("%d results of %d requests", n, len(requests))
		}
		results := reply.GetResults()[1 : len(requests)-1]
		for _, result := range results {
			if !proto.Equal(result, results[0]) {
				return nil, fmt.Errorf("two results of one request: %v, %v", results[0], result)
			}
		}
		return results[0].GetTranslation(), nil
	}
}

func raise(client errorv1.TranslationServiceClient) call {
	return func(ctx context.Context, _ golden.Case, r *errorv1.TranslateRequest) (*errorv1.Translation, error) {
		_, err := client.Raise(ctx, &errorv1.RaiseRequest{Response: r.GetResponse(), Locales: r.GetLocales()})
		if err == nil {
			return &errorv1.Translation{Status: &statuspb.Status{}}, nil
		}
		return &errorv1.Translation{Status: status.Convert(err).Proto()}, nil
	}
}

func stream(name string, conn grpc.ClientConnInterface) EntryPoint {
	client := errorv1.NewTranslationServiceClient(conn)
	return EntryPoint{Name: name, encode: Request, call: func(ctx context.Context, c golden.Case, r *errorv1.TranslateRequest) (*errorv1.Translation, error) {
		calls, err := client.StreamTranslate(ctx)
		if err != nil {
			return nil, err
		}
		if err := calls.Send(&errorv1.StreamTranslateRequest{Id: c.Name, Request: r}); err != nil {
			return nil, err
		}
		if err := calls.CloseSend(); err != nil {
			return nil, err
		}
		reply, err := calls.Recv()
		if err == nil && reply.GetId() != c.Name {
			err = fmt.Errorf("id %q, want %q", reply.GetId(), c.Name)
		}
		return reply.GetResult().GetTranslation(), err
	}}
}
