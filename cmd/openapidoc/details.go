package main

import (
	"slices"
	"strings"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
)

// details are the messages that a status may have as details, in their order. No method refers to them, as they are
// packed in Any.
var details = []string{
	"google.rpc.ErrorInfo",
	"cbc.error.v1.CbcError",
	"google.rpc.LocalizedMessage",
	"google.rpc.RetryInfo",
	"google.rpc.BadRequest",
	"google.rpc.PreconditionFailure",
	"google.rpc.QuotaFailure",
	"google.rpc.ResourceInfo",
	"google.rpc.RequestInfo",
	"google.rpc.Help",
}

const (
	detailPath     = "details.proto"
	detailDocument = "details.openapi.json"
)

// detailFile returns a proto file with a method for each detail, so that the generator writes schemas for the details. The
// methods do not get into the document.
func detailFile() *descriptorpb.FileDescriptorProto {
	service := &descriptorpb.ServiceDescriptorProto{Name: proto.String("Details")}
	for _, name := range details {
		options := new(descriptorpb.MethodOptions)
		proto.SetExtension(options, annotations.E_Http, &annotations.HttpRule{
			Pattern: &annotations.HttpRule_Post{Post: "/" + name}, Body: "*",
		})
		service.Method = append(service.Method, &descriptorpb.MethodDescriptorProto{
			Name:       proto.String(name[strings.LastIndex(name, ".")+1:]),
			InputType:  proto.String("." + name),
			OutputType: proto.String("." + name),
			Options:    options,
		})
	}
	return &descriptorpb.FileDescriptorProto{
		Name:       proto.String(detailPath),
		Package:    proto.String("details"),
		Syntax:     proto.String("proto3"),
		Options:    &descriptorpb.FileOptions{GoPackage: proto.String("example.com/details")},
		Dependency: []string{"cbc/error/v1/cbc_error.proto", "google/api/annotations.proto", "google/rpc/error_details.proto"},
		Service:    []*descriptorpb.ServiceDescriptorProto{service},
	}
}

// addDetails makes the details of a status a union with the discriminator @type.
func addDetails(document object) {
	schemas := descend(document, "components", "schemas")
	var choices, types []any
	mapping := object{}
	for _, name := range details {
		detail, url := "detail."+name, "type.googleapis.com/"+name
		schemas[detail] = object{"allOf": []any{typed(object{"const": url}), reference(name)}}
		choices, types = append(choices, reference(detail)), append(types, url)
		mapping[url] = "#/components/schemas/" + detail
	}
	other := typed(object{"not": object{"enum": types}})
	other["description"] = "Any other detail. Clients ignore details with an unknown `@type`."
	schemas["detail.other"] = other
	list := descend(schemas, "google.rpc.Status", "properties", "details")
	list["items"] = object{
		"oneOf":         append(slices.Clip(choices), reference("detail.other")),
		"discriminator": object{"propertyName": "@type", "mapping": mapping},
	}
}

// typed returns the schema of an object whose @type has the given schema.
func typed(schema object) object {
	schema["type"] = "string"
	return object{"type": "object", "properties": object{"@type": schema}, "required": []any{"@type"}}
}

func reference(schema string) object {
	return object{"$ref": "#/components/schemas/" + schema}
}
