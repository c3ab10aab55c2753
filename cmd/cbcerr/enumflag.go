package main

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// An enumFlag sets an enum field of a message to the value that the flag names, in any letter case and with or without
// the prefix of the enum. It implements pflag.Value.
type enumFlag struct {
	message proto.Message
	field   protoreflect.FieldDescriptor
}

func newEnumFlag(m proto.Message, field string) enumFlag {
	return enumFlag{m, m.ProtoReflect().Descriptor().Fields().ByName(protoreflect.Name(field))}
}

// Set implements pflag.Value.
func (f enumFlag) Set(text string) error {
	values := f.field.Enum().Values()
	prefix, ok := strings.CutSuffix(string(values.Get(0).Name()), "UNSPECIFIED")
	if !ok { // google.rpc.Code has no prefix
		prefix = ""
	}
	name := strings.ToUpper(text)
	for _, full := range []string{name, prefix + name} {
		if value := values.ByName(protoreflect.Name(full)); value != nil {
			f.message.ProtoReflect().Set(f.field, protoreflect.ValueOfEnum(value.Number()))
			return nil
		}
	}
	example := strings.TrimPrefix(string(values.Get(1).Name()), prefix)
	return fmt.Errorf("%.64q is not a name of %s, such as %s", text, f.field.Enum().Name(), example)
}

// String implements pflag.Value: no field is set by default.
func (f enumFlag) String() string { return "" }

// Type implements pflag.Value.
func (f enumFlag) Type() string { return "name" }
