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

// A strictQuery refuses names that no field has; the gateway's own parser ignores them. It accepts enum values without the
// prefix of their enum.
type strictQuery struct{ runtime.DefaultQueryParser }

// Parse implements runtime.QueryParameterParser.
func (q strictQuery) Parse(m proto.Message, values url.Values, filter *utilities.DoubleArray) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		field := fieldAt(m.ProtoReflect().Descriptor(), name)
		if field == nil {
			return fmt.Errorf("unknown field %q", name)
		}
		for i, value := range values[name] {
			values[name][i] = enumValue(field.Enum(), value)
		}
	}
	return q.DefaultQueryParser.Parse(m, values, filter)
}

// enumValue returns the full name of an enum value. The prefix is that of the zero value, PREFIX_UNSPECIFIED. Any other
// text is returned as it is.
func enumValue(enum protoreflect.EnumDescriptor, text string) string {
	if enum == nil {
		return text
	}
	prefix, ok := strings.CutSuffix(string(enum.Values().Get(0).Name()), "UNSPECIFIED")
	if full := prefix + text; ok && enum.Values().ByName(protoreflect.Name(full)) != nil {
		return full
	}
	return text
}

// fieldAt returns the field that a path such as origin.site or headers[X-Request-Id] leads to, nil if there is none.
func fieldAt(message protoreflect.MessageDescriptor, path string) protoreflect.FieldDescriptor {
	path, key, keyed := strings.Cut(path, "[")
	if keyed && (!strings.HasSuffix(key, "]") || strings.Contains(key, "\n")) { // the gateway would ignore these
		return nil
	}
	var field protoreflect.FieldDescriptor
	for name := range strings.SplitSeq(path, ".") {
		if message == nil {
			return nil
		}
		if field = message.Fields().ByJSONName(name); field == nil {
			field = message.Fields().ByTextName(name)
		}
		if field == nil {
			return nil
		}
		message = field.Message()
	}
	if keyed && !field.IsMap() {
		return nil
	}
	return field
}
