package server_test

import (
	"net/url"
	"testing"

	"github.com/cbcerr/cbcerr/service/server"
	"github.com/google/go-cmp/cmp"
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/genproto/googleapis/api/httpbody"
	"google.golang.org/genproto/googleapis/rpc/context/attribute_context"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/structpb"
)

// usualQueries are read without the gateway's parser, by the message that they are for.
var usualQueries = map[proto.Message][]string{
	new(statuspb.Status):                         {"", "code=0", "code=-7&message=%E4%BD%99%E9%A2%9D", "code=010", "message=%ff"},
	new(httpbody.HttpBody):                       {"contentType=text%2Fplain"},
	new(attribute_context.AttributeContext_Auth): {"audiences=a&audiences=b&principal=", "accessLevels=1"},
	new(attribute_context.AttributeContext): {
		"origin.regionCode=cn&origin.ip=::1", "origin.labels[a]b]=c", "source.labels[X-Request-Id]=q1&source.labels%5B%5D=&source.principal=p",
	},
}

// otherQueries are left to the gateway's parser.
var otherQueries = map[proto.Message][]string{
	new(statuspb.Status): {
		"code=many", "code=0x10", "code=99999999999", "code=1&code=2", "message=a&message=b", "details=x", "code[1]=1", "code]=1", "message.a=1", "nope=1", "=1",
	},
	new(httpbody.HttpBody): {"content_type=a", "content_type=a&contentType=b", "data=aGk="},
	new(structpb.Value):    {"stringValue=a", "listValue.values=a"},
	new(attribute_context.AttributeContext): {
		"origin=a", "origin.labels=a", "origin.labels[a]=b&origin.labels[a]=c", "origin.labels[a=b", "origin.labels[a[b]]=c", "origin.labels[a%0Ab]=c",
		"origin.port=1", "origin.region_code=cn", "request.auth.principal=p", "origin..ip=1", ".origin=1",
	},
}

// TestUsualQueries: what is read the short way is what the gateway reads, and all else is left alone.
func TestUsualQueries(t *testing.T) {
	t.Parallel()
	for usual, all := range map[bool]map[proto.Message][]string{true: usualQueries, false: otherQueries} {
		for m, queries := range all {
			for _, query := range queries {
				if got := sameAsGateway(t, m, query); got != usual {
					t.Errorf("%s: the short way for %q: %v", m.ProtoReflect().Descriptor().Name(), query, got)
				}
			}
		}
	}
}

// TestBoundFields: a field that the path or the body fills is not the query's.
func TestBoundFields(t *testing.T) {
	t.Parallel()
	var m statuspb.Status
	bound := utilities.NewDoubleArray([][]string{{"message"}})
	if server.SetAll(m.ProtoReflect(), url.Values{"message": {"a"}}, bound) || m.GetMessage() != "" {
		t.Errorf("%v", &m)
	}
}

func FuzzQuery(f *testing.F) {
	for _, all := range []map[proto.Message][]string{usualQueries, otherQueries} {
		for _, queries := range all {
			for _, query := range queries {
				f.Add(query)
			}
		}
	}
	f.Fuzz(func(t *testing.T, query string) {
		for m := range otherQueries {
			sameAsGateway(t, m, query)
		}
	})
}

// sameAsGateway reads a query both ways, and tells whether the short one was of use.
func sameAsGateway(t *testing.T, kind proto.Message, query string) (short bool) {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		return false
	}
	got, want := kind.ProtoReflect().New().Interface(), kind.ProtoReflect().New().Interface()
	if short = server.SetAll(got.ProtoReflect(), values, new(utilities.DoubleArray)); short {
		err = new(runtime.DefaultQueryParser).Parse(want, values, new(utilities.DoubleArray))
	}
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" || err != nil {
		t.Errorf("%q: %v\n%s", query, err, diff)
	}
	return short
}
