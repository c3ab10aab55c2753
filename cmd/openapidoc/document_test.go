package main

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/gen"
	_ "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1" // registers the messages that the schemas are compared with
	"github.com/google/go-cmp/cmp"
	_ "google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

func document(t *testing.T) object {
	t.Helper()
	var d object
	if err := json.Unmarshal(gen.OpenAPI, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// Each reference has a component, and each component is referenced.
func TestDocument_References(t *testing.T) {
	d := document(t)
	used := map[string]bool{}
	visit(d, func(o object) {
		for _, ref := range append(slices.Collect(maps.Values(mappingOf(o))), o["$ref"]) {
			if text, ok := ref.(string); ok {
				used[text] = true
			}
		}
	})
	for _, requirement := range d["security"].([]any) {
		for scheme := range requirement.(object) {
			used["#/components/securitySchemes/"+scheme] = true
		}
	}
	for kind, components := range descend(d, "components") {
		for name := range components.(object) {
			ref := "#/components/" + kind + "/" + name
			if !used[ref] {
				t.Errorf("%s is not referenced", ref)
			}
			delete(used, ref)
		}
	}
	for ref := range used {
		t.Errorf("component %s does not exist", ref)
	}
}

func mappingOf(o object) object {
	discriminator, _ := o["discriminator"].(object)
	mapping, _ := discriminator["mapping"].(object)
	return mapping
}

// The properties of a schema are the fields of its message. A patch could add others.
func TestDocument_SchemasMatchMessages(t *testing.T) {
	for name, value := range descend(document(t), "components", "schemas") {
		found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(name))
		message, ok := found.(protoreflect.MessageDescriptor)
		if err != nil || !ok || message.ParentFile().Package() == "google.protobuf" {
			continue
		}
		schema := value.(object)
		var want []string
		for i := range message.Fields().Len() {
			want = append(want, message.Fields().Get(i).JSONName())
		}
		slices.Sort(want)
		got := slices.Sorted(maps.Keys(descend(schema, "properties")))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: fields (-), properties (+)\n%s", name, diff)
		}
		for property, schema := range descend(schema, "properties") {
			if schema.(object)["description"] == nil {
				t.Errorf("%s: %s has no description", name, property)
			}
		}
		required, _ := schema["required"].([]any)
		for _, field := range required {
			if !slices.Contains(want, field.(string)) {
				t.Errorf("%s: required property %v is not a field", name, field)
			}
		}
	}
}

// Each value of each enum has a description.
func TestDocument_EnumDescriptions(t *testing.T) {
	enums := 0
	for name, value := range descend(document(t), "components", "schemas") {
		schema := value.(object)
		values, isEnum := schema["enum"].([]any)
		if !isEnum {
			continue
		}
		enums++
		texts, _ := schema["x-enum-descriptions"].([]any)
		if len(texts) != len(values) || slices.Contains(texts, any("")) {
			t.Errorf("%s: %d values, comments %q", name, len(values), texts)
		}
	}
	if enums != 6 {
		t.Errorf("%d enums, want ErrorCode, ErrorReason, RetryAdvice, Outcome, Match and google.rpc.Code", enums)
	}
}

// Each operation documents its errors in both content types and has an example of a success.
func TestDocument_Operations(t *testing.T) {
	d := document(t)
	count := 0
	for address, item := range descend(d, "paths") {
		for _, method := range []string{"get", "post"} {
			if operation, ok := item.(object)[method].(object); ok {
				count++
				t.Run(method+address, func(t *testing.T) { checkOperation(t, d, operation) })
			}
		}
	}
	if count != 7 {
		t.Errorf("%d operations, want the contract's 7", count)
	}
}

func checkOperation(t *testing.T, d, operation object) {
	for _, part := range []string{"tags", "operationId", "summary", "description"} {
		if operation[part] == nil {
			t.Errorf("no %s", part)
		}
	}
	responses := descend(operation, "responses")
	for _, status := range []string{"200", "400", "429", "default"} {
		if responses[status] == nil {
			t.Errorf("no response %s", status)
		}
	}
	for status, value := range responses {
		content := descend(resolve(d, value.(object)), "content")
		if status != "200" && status != "304" && (content["application/json"] == nil || content["application/problem+json"] == nil) {
			t.Errorf("%s: not documented as both JSON and problem", status)
		}
	}
	if examples := descend(responses, "200", "content", "application/json", "examples"); len(examples) == 0 {
		t.Error("no example of a success")
	}
	parameters, _ := operation["parameters"].([]any)
	for _, parameter := range parameters {
		if parameter.(object)["in"] == nil {
			t.Errorf("%v is not a parameter of the contract", parameter)
		}
	}
}

func resolve(d, response object) object {
	if ref, ok := response["$ref"].(string); ok {
		return descend(d, "components", "responses", path.Base(ref))
	}
	return response
}

// The details of all examples are documented.
func TestDocument_ExampleDetails(t *testing.T) {
	seen := 0
	visit(document(t), func(o object) {
		url, ok := o["@type"].(string)
		if !ok {
			return
		}
		seen++
		if !slices.Contains(details, strings.TrimPrefix(url, "type.googleapis.com/")) {
			t.Errorf("%s is not among the details", url)
		}
	})
	if seen == 0 {
		t.Error("no example has a detail")
	}
}

// visit calls each with every object in a value.
func visit(value any, each func(object)) {
	switch v := value.(type) {
	case object:
		each(v)
		for _, inner := range v {
			visit(inner, each)
		}
	case []any:
		for _, inner := range v {
			visit(inner, each)
		}
	}
}
