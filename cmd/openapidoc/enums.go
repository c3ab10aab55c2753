package main

import (
	"strings"

	"google.golang.org/protobuf/types/descriptorpb"
)

// addEnumComments adds the comments of enum values, which the generator omits, as x-enum-descriptions. Client generators
// read this extension.
func addEnumComments(document object, files []*descriptorpb.FileDescriptorProto) {
	schemas := descend(document, "components", "schemas")
	for _, file := range files {
		for i, enum := range file.GetEnumType() {
			schema, ok := schemas[file.GetPackage()+"."+enum.GetName()].(object)
			if !ok {
				continue
			}
			comments := valueComments(file, int32(i))
			texts := make([]any, len(enum.GetValue()))
			for j := range texts {
				texts[j] = comments[int32(j)]
			}
			schema["x-enum-descriptions"] = texts
		}
	}
}

// valueComments returns the comments of a file's i-th enum by the index of the value. The path of a value in the file
// descriptor is enum_type, i, value, j.
func valueComments(file *descriptorpb.FileDescriptorProto, i int32) map[int32]string {
	const enumType, value = 5, 2
	comments := map[int32]string{}
	for _, location := range file.GetSourceCodeInfo().GetLocation() {
		if path := location.GetPath(); len(path) == 4 && path[0] == enumType && path[1] == i && path[2] == value {
			comments[path[3]] = strings.Join(strings.Fields(location.GetLeadingComments()), " ")
		}
	}
	return comments
}
