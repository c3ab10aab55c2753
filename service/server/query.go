package server

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// useStrictQueries makes all gateways of the process read queries strictly: the parser is one of grpc-gateway's globals,
// whatever its option looks like, and must not be set while a gateway runs.
var useStrictQueries = sync.OnceFunc(func() { runtime.SetQueryParameterParser(strictQuery{})(nil) })

// A strictQuery reads a query as the gateway does, but refuses names that no field has. The usual query it reads itself, in half
// the time.
type strictQuery struct{ runtime.DefaultQueryParser }

// Parse implements runtime.QueryParameterParser.
func (q strictQuery) Parse(m proto.Message, values url.Values, filter *utilities.DoubleArray) error {
	if setAll(m.ProtoReflect(), values, filter) {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !hasField(m.ProtoReflect().Descriptor(), name) {
			return fmt.Errorf("unknown field %q", name)
		}
	}
	return q.DefaultQueryParser.Parse(m, values, filter)
}

// hasField tells whether a path such as origin.site or headers[X-Request-Id] leads to a field.
func hasField(message protoreflect.MessageDescriptor, path string) bool {
	path, key, keyed := strings.Cut(path, "[")
	if keyed {
		field := message.Fields().ByTextName(path)
		return field != nil && field.IsMap() && strings.HasSuffix(key, "]") && !strings.Contains(key, "\n") // which the gateway would pass over
	}
	for name := range strings.SplitSeq(path, ".") {
		if message == nil {
			return false
		}
		field := message.Fields().ByJSONName(name)
		if field == nil {
			field = message.Fields().ByTextName(name)
		}
		if field == nil {
			return false
		}
		message = field.Message()
	}
	return true
}

// setAll sets the fields that a usual query names, or none: texts, lists and maps of texts and whole numbers, each by its
// JSON name, in the message itself or in one within it.
func setAll(m protoreflect.Message, values url.Values, filter *utilities.DoubleArray) bool {
	var room [8]setting
	all := room[:0]
	for name, given := range values {
		s, ok := newSetting(m.Descriptor(), name, given)
		if !ok || filter.HasCommonPrefix([]string{string(s.path[0].Name())}) {
			return false
		}
		all = append(all, s)
	}
	for _, s := range all {
		s.set(m)
	}
	return true
}

// A setting is what a parameter of a query says of a field.
type setting struct {
	path   [2]protoreflect.FieldDescriptor // the field, or the message and the field in it
	field  protoreflect.FieldDescriptor
	key    string // in a map
	values []string
	number int32
}

func newSetting(message protoreflect.MessageDescriptor, name string, values []string) (s setting, ok bool) {
	name, key, keyed := strings.Cut(name, "[")
	outer, inner, nested := strings.Cut(name, ".")
	s = setting{field: message.Fields().ByJSONName(outer), values: values}
	s.path[0] = s.field
	if nested && s.field != nil && s.field.Message() != nil && !s.field.IsList() {
		s.field = s.field.Message().Fields().ByJSONName(inner)
		s.path[1] = s.field
	}
	s.key, ok = strings.CutSuffix(key, "]")
	known := s.field != nil && s.field.ContainingOneof() == nil && nested == (s.path[1] != nil)
	return s, known && ok == keyed && keyed == s.field.IsMap() && !strings.ContainsAny(s.key, "[\n") && s.fits()
}

// fits tells whether the values are of the field's kind, and as many as it takes.
func (s *setting) fits() bool {
	switch {
	case s.field.IsMap():
		return len(s.values) == 1 && s.field.MapKey().Kind() == protoreflect.StringKind && s.field.MapValue().Kind() == protoreflect.StringKind
	case s.field.Kind() == protoreflect.StringKind:
		return len(s.values) == 1 || s.field.IsList()
	case s.field.Kind() != protoreflect.Int32Kind || s.field.IsList() || len(s.values) != 1:
		return false
	}
	number, err := strconv.ParseInt(s.values[0], 10, 32) // as the gateway reads it
	s.number = int32(number)
	return err == nil
}

func (s *setting) set(m protoreflect.Message) {
	if s.path[1] != nil {
		m = m.Mutable(s.path[0]).Message()
	}
	switch {
	case s.field.IsMap():
		m.Mutable(s.field).Map().Set(protoreflect.ValueOfString(s.key).MapKey(), protoreflect.ValueOfString(s.values[0]))
	case s.field.IsList():
		list := m.Mutable(s.field).List()
		for _, value := range s.values {
			list.Append(protoreflect.ValueOfString(value))
		}
	case s.field.Kind() == protoreflect.Int32Kind:
		m.Set(s.field, protoreflect.ValueOfInt32(s.number))
	default:
		m.Set(s.field, protoreflect.ValueOfString(s.values[0]))
	}
}
