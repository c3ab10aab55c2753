package server

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// useStrictQueries makes all gateways of the process read queries strictly. The parser is a global of grpc-gateway, in
// spite of its option, and must not change while a gateway runs.
var useStrictQueries = sync.OnceFunc(func() { runtime.SetQueryParameterParser(strictQuery{})(nil) })

// A strictQuery refuses names that no field has. The gateway's own parser ignores them.
type strictQuery struct{ runtime.DefaultQueryParser }

// Parse implements runtime.QueryParameterParser.
func (q strictQuery) Parse(m proto.Message, values url.Values, filter *utilities.DoubleArray) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !hasField(m.ProtoReflect().Descriptor(), name) {
			return fmt.Errorf("unknown field %q", name)
		}
	}
	return q.DefaultQueryParser.Parse(m, values, filter)
}

// hasField reports whether a path such as origin.site or headers[X-Request-Id] leads to a field.
func hasField(message protoreflect.MessageDescriptor, path string) bool {
	path, key, keyed := strings.Cut(path, "[")
	if keyed && (!strings.HasSuffix(key, "]") || strings.Contains(key, "\n")) { // the gateway would ignore these
		return false
	}
	var field protoreflect.FieldDescriptor
	for name := range strings.SplitSeq(path, ".") {
		if message == nil {
			return false
		}
		if field = message.Fields().ByJSONName(name); field == nil {
			field = message.Fields().ByTextName(name)
		}
		if field == nil {
			return false
		}
		message = field.Message()
	}
	return !keyed || field.IsMap()
}
