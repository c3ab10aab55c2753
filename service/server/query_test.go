package server_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/server"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/genproto/googleapis/rpc/context/attribute_context"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

// It also rejects names whose form the gateway would ignore.
func TestStrictQueryParser(t *testing.T) {
	t.Parallel()
	for query, ok := range map[string]bool{
		"origin.regionCode=cn&origin.ip=::1": true, "origin.region_code=cn": true, "request.auth.principal=p": true, "": true,
		"source.labels[X-Request-Id]=q1&source.labels%5B%5D=&source.principal=p": true, "origin.labels[a[b]]=c": true,
		"nope=1": false, "=1": false, "origin.nope=1": false, "origin..ip=1": false, ".origin=1": false, "origin.ip.a=1": false,
		"origin.ip[a]=1": false, "origin.labels[a=b": false, "origin.labels[a%0Ab]=c": false, "nope[a]=b": false,
	} {
		checkQuery(t, new(attribute_context.AttributeContext), query, ok)
	}
	for query, ok := range map[string]bool{"code=-7&message=%E4%BD%99%E9%A2%9D": true, "code=many": false, "code=99999999999": false, "code[1]=1": false} {
		checkQuery(t, new(statuspb.Status), query, ok)
	}
}

// The error of a value names the field as the client does, the value and the accepted form.
func TestStrictQueryParser_InvalidValues(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"code=many":                        `field "code": "many" is not a whole number of 32 bits`,
		"code=99999999999":                 `field "code": "99999999999" is not a whole number of 32 bits`,
		"code=1&code=2":                    `field "code": 2 values; at most 1`,
		"code=" + strings.Repeat("9", 300): `field "code": "` + strings.Repeat("9", 64) + `" is not a whole number of 32 bits`,
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if err := (server.StrictQueryParser{}).Parse(new(statuspb.Status), values, new(utilities.DoubleArray)); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", query, err, want)
		}
	}
}

func checkQuery(t *testing.T, m proto.Message, query string, ok bool) {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	if err := (server.StrictQueryParser{}).Parse(m, values, new(utilities.DoubleArray)); (err == nil) != ok {
		t.Errorf("%q: %v, want ok %v", query, err, ok)
	}
}
