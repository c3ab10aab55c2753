package main

import (
	"context"
	"crypto/tls"
	"sync/atomic"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/resolver/manual"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
)

// attempts counts how often calls were tried. It implements stats.Handler.
type attempts struct{ begun atomic.Int64 }

// TagRPC implements stats.Handler.
func (a *attempts) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }

// HandleRPC implements stats.Handler.
func (a *attempts) HandleRPC(_ context.Context, s stats.RPCStats) {
	if _, ok := s.(*stats.Begin); ok {
		a.begun.Add(1)
	}
}

// TagConn implements stats.Handler.
func (a *attempts) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }

// HandleConn implements stats.Handler.
func (a *attempts) HandleConn(context.Context, stats.ConnStats) {}

// dialAll is a connection to several replicas as a client has it that knows them all. The addresses come from no DNS, the rest is what the
// documentation tells clients to do.
func dialAll(a *attempts, config string, addresses ...string) (*grpc.ClientConn, error) {
	replicas := manual.NewBuilderWithScheme("replicas")
	var state resolver.State
	for _, address := range addresses {
		state.Addresses = append(state.Addresses, resolver.Address{Addr: address})
	}
	replicas.InitialState(state)
	return grpc.NewClient("replicas:///all", grpc.WithResolvers(replicas), grpc.WithDefaultServiceConfig(config),
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithStatsHandler(a))
}

// dialOne is a connection to one address, without any retry but those of calls that nobody took.
func dialOne(a *attempts, address string, config *tls.Config, options ...grpc.DialOption) (*grpc.ClientConn, error) {
	creds := insecure.NewCredentials()
	if config != nil {
		creds = credentials.NewTLS(config)
	}
	return grpc.NewClient(address, append(options, grpc.WithTransportCredentials(creds), grpc.WithDisableRetry(), grpc.WithStatsHandler(a))...)
}

// overGRPC calls through a connection: most ask for a translation, some for an error.
func overGRPC(conn grpc.ClientConnInterface) caller {
	client := errorv1.NewTranslationServiceClient(conn)
	var n atomic.Int64
	return func(ctx context.Context, q *question) verdict {
		if n.Add(1)%5 == 0 {
			return raised(ctx, client, q)
		}
		reply, err := client.Translate(ctx, q.request())
		if err != nil {
			return judgeCall(err)
		}
		return q.judgeStatus(reply.GetTranslation().GetStatus())
	}
}

// raised asks for an error and judges that.
func raised(ctx context.Context, client errorv1.TranslationServiceClient, q *question) verdict {
	r := q.request()
	_, err := client.Raise(ctx, &errorv1.RaiseRequest{Response: r.GetResponse(), Locales: r.GetLocales()})
	if s := status.Convert(err); infoOf(s).GetDomain() == upstream {
		return q.judgeStatus(s.Proto())
	}
	if err == nil {
		return verdict{wrong, "Raise did not fail"}
	}
	return judgeCall(err)
}

// overBatch asks a question together with itself.
func overBatch(conn grpc.ClientConnInterface, n int) caller {
	client := errorv1.NewTranslationServiceClient(conn)
	return func(ctx context.Context, q *question) verdict {
		var batch errorv1.BatchTranslateRequest
		for range n {
			batch.Requests = append(batch.Requests, q.request())
		}
		reply, err := client.BatchTranslate(ctx, &batch)
		if err != nil {
			return judgeCall(err)
		}
		for _, result := range reply.GetResults() {
			if v := q.judgeResult(result); v.kind != right {
				return v
			}
		}
		if len(reply.GetResults()) != n {
			return verdict{wrong, "another number of results"}
		}
		return verdict{}
	}
}

// judgeResult judges one result of many.
func (q *question) judgeResult(r *errorv1.TranslateResult) verdict {
	if e := r.GetError(); e != nil {
		return judgeCall(status.FromProto(e).Err())
	}
	return q.judgeStatus(r.GetTranslation().GetStatus())
}
