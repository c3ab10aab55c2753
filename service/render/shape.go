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

// A shape is how a message is written as JSON: its fields in the order of the JSON.
type shape struct {
	name   protoreflect.FullName
	fields []member
	usual  bool // nothing but what a writer knows
}

// A member is a field of a shape.
type member struct {
	number  protoreflect.FieldNumber
	key     string // in quotes, with the colon
	kind    protoreflect.Kind
	list    bool
	dict    bool // a map of texts
	always  bool // it is written even where it is not set
	message *shape
	names   map[int32]string // of an enum's values, in quotes
}

// Protobuf's own messages have a JSON of their own each; these are the two that the contract uses.
const (
	wellKnown    protoreflect.FullName = "google.protobuf"
	anyName      protoreflect.FullName = "google.protobuf.Any"
	durationName protoreflect.FullName = "google.protobuf.Duration"
)

// known are the messages that writeKnown writes, and all messages within them: the answers with translations,
// and the details that a status may have.
var known = []proto.Message{
	&errorv1.Translation{}, &errorv1.TranslateResponse{}, &errorv1.TranslateRawResponse{}, &errorv1.BatchTranslateResponse{},
	&errdetails.ErrorInfo{}, &errorv1.CbcError{}, &errdetails.LocalizedMessage{}, &errdetails.RetryInfo{}, &errdetails.BadRequest{},
	&errdetails.PreconditionFailure{}, &errdetails.QuotaFailure{}, &errdetails.ResourceInfo{}, &errdetails.RequestInfo{}, &errdetails.Help{},
}

// shapes are those of the known messages, made when the first is written.
var shapes = sync.OnceValue(func() map[protoreflect.FullName]*shape {
	all := map[protoreflect.FullName]*shape{}
	for _, m := range known {
		addShape(all, m.ProtoReflect().Descriptor())
	}
	return all
})

func addShape(all map[protoreflect.FullName]*shape, of protoreflect.MessageDescriptor) *shape {
	if s, ok := all[of.FullName()]; ok {
		return s
	}
	s := &shape{name: of.FullName(), usual: of.FullName().Parent() != wellKnown}
	all[s.name] = s
	if !s.usual {
		s.usual = s.name == anyName || s.name == durationName
		return s
	}
	for i := range of.Fields().Len() {
		m, usual := newMember(all, of.Fields().Get(i))
		s.fields = append(s.fields, m)
		s.usual = s.usual && usual
	}
	return s
}

// newMember tells how a field is written, and whether a writer knows its kind.
func newMember(all map[protoreflect.FullName]*shape, f protoreflect.FieldDescriptor) (m member, usual bool) {
	m = member{number: f.Number(), key: strconv.Quote(f.JSONName()) + ":", kind: f.Kind(), list: f.IsList(), dict: f.IsMap(), always: !f.HasPresence()}
	switch {
	case f.IsMap():
		return m, f.MapKey().Kind() == protoreflect.StringKind && f.MapValue().Kind() == protoreflect.StringKind
	case f.Kind() == protoreflect.MessageKind:
		m.message = addShape(all, f.Message())
		return m, true // whether that one is usual is asked when it is written
	case f.Kind() == protoreflect.EnumKind:
		m.names = names(f.Enum().Values())
		return m, !f.IsList()
	}
	return m, !f.IsList() && slices.Contains(scalars, f.Kind())
}

// scalars are the kinds of fields that a writer knows, besides messages and enums.
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
