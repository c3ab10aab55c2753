package main

import (
	"slices"
	"strings"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
)

// details are the messages that a status may carry, in the order in which they come. No method names them, as they
// travel in an Any.
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

// detailFile is a file that no one else sees: a service that answers with each detail, so that the generator describes
// it as it describes everything else.
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

// addDetails tells the details of a status apart by their @type. One that is none of ours is any object with another.
func addDetails(document object) {
	schemas := at(document, "components", "schemas")
	var choices, types []any
	mapping := object{}
	for _, name := range details {
		detail, url := "detail."+name, "type.googleapis.com/"+name
		schemas[detail] = object{"allOf": []any{typed(object{"const": url}), reference(name)}}
		choices, types = append(choices, reference(detail)), append(types, url)
		mapping[url] = "#/components/schemas/" + detail
	}
	other := typed(object{"not": object{"enum": types}})
	other["description"] = "Any other detail. Whoever does not know its `@type` passes it over."
	schemas["detail.other"] = other
	list := at(schemas, "google.rpc.Status", "properties", "details")
	list["items"] = object{
		"oneOf":         append(slices.Clip(choices), reference("detail.other")),
		"discriminator": object{"propertyName": "@type", "mapping": mapping},
	}
}

// typed is an object whose @type is as described.
func typed(schema object) object {
	schema["type"] = "string"
	return object{"type": "object", "properties": object{"@type": schema}, "required": []any{"@type"}}
}

func reference(schema string) object {
	return object{"$ref": "#/components/schemas/" + schema}
}
