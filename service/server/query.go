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

// useStrictQueries sets the query parser of all gateways of the process. grpc-gateway's option sets a global variable, which
// must not change while a gateway runs.
var useStrictQueries = sync.OnceFunc(func() { runtime.SetQueryParameterParser(strictQueryParser{})(nil) })

// A strictQueryParser rejects unknown field names, which the gateway's own parser ignores. It accepts enum values without the
// prefix of their enum.
type strictQueryParser struct{ runtime.DefaultQueryParser }

// Parse implements runtime.QueryParameterParser.
func (q strictQueryParser) Parse(m proto.Message, values url.Values, filter *utilities.DoubleArray) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		field := findField(m.ProtoReflect().Descriptor(), name)
		if field == nil {
			return fmt.Errorf("unknown field %q", name)
		}
		for i, value := range values[name] {
			values[name][i] = enumValueName(field.Enum(), value)
		}
	}
	err := q.DefaultQueryParser.Parse(m, values, filter)
	if err == nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(values)) { // the error has the name of the contract, not the client's
		scratch := m.ProtoReflect().New().Interface()
		if err := q.DefaultQueryParser.Parse(scratch, url.Values{name: values[name]}, filter); err != nil {
			return fmt.Errorf("field %q: %w", name, invalidValue(findField(m.ProtoReflect().Descriptor(), name), values[name], err))
		}
	}
	return err
}

// invalidValue returns the error of values that the gateway's parser rejects. Its error has the contract's name of the field
// and messages of strconv; here the value and the accepted form are in its place.
func invalidValue(field protoreflect.FieldDescriptor, values []string, err error) error {
	switch {
	case len(values) > 1 && field.Cardinality() != protoreflect.Repeated:
		return fmt.Errorf("%d values; at most 1", len(values))
	case len(values) != 1:
		return err
	case field.Enum() != nil:
		example := field.Enum().Values().Get(1).Name()
		return fmt.Errorf("%.64q is not a name of %s, such as %s", values[0], field.Enum().Name(), strings.TrimPrefix(string(example), enumPrefix(field.Enum())))
	case field.Kind() == protoreflect.Int32Kind:
		return fmt.Errorf("%.64q is not a whole number of 32 bits", values[0])
	}
	return err
}

// enumValueName returns the full name of an enum value given without its prefix, and any other text unchanged.
func enumValueName(enum protoreflect.EnumDescriptor, text string) string {
	if enum == nil {
		return text
	}
	if full := enumPrefix(enum) + text; enum.Values().ByName(protoreflect.Name(full)) != nil {
		return full
	}
	return text
}

// enumPrefix returns the prefix of an enum's values, empty if there is no value PREFIX_UNSPECIFIED.
func enumPrefix(enum protoreflect.EnumDescriptor) string {
	if prefix, ok := strings.CutSuffix(string(enum.Values().Get(0).Name()), "UNSPECIFIED"); ok {
		return prefix
	}
	return ""
}

// findField returns the field at a path such as origin.site or headers[X-Request-Id], nil if it does not exist.
func findField(message protoreflect.MessageDescriptor, path string) protoreflect.FieldDescriptor {
	path, key, hasKey := strings.Cut(path, "[")
	if hasKey && (!strings.HasSuffix(key, "]") || strings.Contains(key, "\n")) { // the gateway ignores these
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
	if hasKey && !field.IsMap() {
		return nil
	}
	return field
}
