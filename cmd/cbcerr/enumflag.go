package main

import (
	"fmt"
	"slices"
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
	return fmt.Errorf("not a name of %s%s", f.field.Enum().Name(), nameList(values, prefix))
}

// maxListed is the maximum number of names that an error lists.
const maxListed = 20

// nameList returns the names of an enum's values without their prefix, or one of them if there are many, to end an error.
func nameList(values protoreflect.EnumValueDescriptors, prefix string) string {
	if values.Len() > maxListed {
		return ", such as " + strings.TrimPrefix(string(values.Get(1).Name()), prefix)
	}
	var names []string
	for i := range values.Len() {
		if name := strings.TrimPrefix(string(values.Get(i).Name()), prefix); name != "UNSPECIFIED" {
			names = append(names, name)
		}
	}
	return "; must be one of " + strings.Join(names, ", ")
}

// String implements pflag.Value: no field is set by default.
func (f enumFlag) String() string { return "" }

// Type implements pflag.Value.
func (f enumFlag) Type() string { return "name" }

// A choiceFlag sets a text to one of a list of values. It implements pflag.Value.
type choiceFlag struct {
	value   *string
	choices []string
}

// Set implements pflag.Value. The empty text is the default.
func (f choiceFlag) Set(text string) error {
	if text != "" && !slices.Contains(f.choices, text) {
		return fmt.Errorf("must be one of %s", strings.Join(f.choices, ", "))
	}
	*f.value = text
	return nil
}

// String implements pflag.Value.
func (f choiceFlag) String() string { return "" }

// Type implements pflag.Value.
func (f choiceFlag) Type() string { return "name" }
