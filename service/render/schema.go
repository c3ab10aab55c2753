package render

import (
	"slices"
	"strconv"
	"sync"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// A jsonSchema describes the JSON of a message: its fields in order.
type jsonSchema struct {
	name      protoreflect.FullName
	fields    []member
	supported bool // a writer can write all fields
}

// A member is a field of a schema.
type member struct {
	number  protoreflect.FieldNumber
	key     string // in quotes, with the colon
	kind    protoreflect.Kind
	list    bool
	isMap   bool // from text to text
	always  bool // written even if it is not set
	message *jsonSchema
	names   map[int32]string // of an enum's values, in quotes
}

// The well-known types that a writer can write. Each has a JSON mapping of its own.
const (
	wellKnown    protoreflect.FullName = "google.protobuf"
	anyName      protoreflect.FullName = "google.protobuf.Any"
	durationName protoreflect.FullName = "google.protobuf.Duration"
)

// fastMessages are the messages that writeFast writes, with all messages in them: the responses with translations, and the
// details that a status may have.
var fastMessages = []proto.Message{
	&errorv1.Translation{}, &errorv1.TranslateResponse{}, &errorv1.TranslateRawResponse{}, &errorv1.BatchTranslateResponse{},
	&errdetails.ErrorInfo{}, &errorv1.CbcError{}, &errdetails.LocalizedMessage{}, &errdetails.RetryInfo{}, &errdetails.BadRequest{},
	&errdetails.PreconditionFailure{}, &errdetails.QuotaFailure{}, &errdetails.ResourceInfo{}, &errdetails.RequestInfo{}, &errdetails.Help{},
}

// schemas returns the schemas of fastMessages. It creates them on first use.
var schemas = sync.OnceValue(func() map[protoreflect.FullName]*jsonSchema {
	all := map[protoreflect.FullName]*jsonSchema{}
	for _, m := range fastMessages {
		addSchema(all, m.ProtoReflect().Descriptor())
	}
	return all
})

func addSchema(all map[protoreflect.FullName]*jsonSchema, of protoreflect.MessageDescriptor) *jsonSchema {
	if s, ok := all[of.FullName()]; ok {
		return s
	}
	s := &jsonSchema{name: of.FullName(), supported: of.FullName().Parent() != wellKnown}
	all[s.name] = s
	if !s.supported {
		s.supported = s.name == anyName || s.name == durationName
		return s
	}
	for i := range of.Fields().Len() {
		m, supported := newMember(all, of.Fields().Get(i))
		s.fields = append(s.fields, m)
		s.supported = s.supported && supported
	}
	return s
}

// newMember returns the description of a field, and whether a writer can write it.
func newMember(all map[protoreflect.FullName]*jsonSchema, f protoreflect.FieldDescriptor) (m member, supported bool) {
	m = member{number: f.Number(), key: strconv.Quote(f.JSONName()) + ":", kind: f.Kind(), list: f.IsList(), isMap: f.IsMap(), always: !f.HasPresence()}
	switch {
	case f.IsMap():
		return m, f.MapKey().Kind() == protoreflect.StringKind && f.MapValue().Kind() == protoreflect.StringKind
	case f.Kind() == protoreflect.MessageKind:
		m.message = addSchema(all, f.Message())
		return m, true // message checks its schema when it writes it
	case f.Kind() == protoreflect.EnumKind:
		m.names = names(f.Enum().Values())
		return m, !f.IsList()
	}
	return m, !f.IsList() && slices.Contains(scalars, f.Kind())
}

// scalars are the scalar kinds that a writer can write.
var scalars = []protoreflect.Kind{protoreflect.StringKind, protoreflect.Int32Kind, protoreflect.Int64Kind}

func names(values protoreflect.EnumValueDescriptors) map[int32]string {
	all := make(map[int32]string, values.Len())
	for i := range values.Len() {
		v := values.Get(i)
		if _, alias := all[int32(v.Number())]; !alias {
			all[int32(v.Number())] = strconv.Quote(string(v.Name()))
		}
	}
	return all
}
