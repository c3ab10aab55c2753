package main

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/gen"
	_ "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1" // registers what schemas are compared with
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

// Every reference leads to a component, and no component is there for nothing.
func TestReferences(t *testing.T) {
	d := document(t)
	used := map[string]bool{}
	visit(d, func(o object) {
		for _, ref := range append(slices.Collect(maps.Values(mappingOf(o))), o["$ref"]) {
			if text, ok := ref.(string); ok {
				used[text] = true
			}
		}
	})
	for _, way := range d["security"].([]any) {
		for scheme := range way.(object) {
			used["#/components/securitySchemes/"+scheme] = true
		}
	}
	for kind, components := range at(d, "components") {
		for name := range components.(object) {
			ref := "#/components/" + kind + "/" + name
			if !used[ref] {
				t.Errorf("nothing refers to %s", ref)
			}
			delete(used, ref)
		}
	}
	for ref := range used {
		t.Errorf("%s is not there", ref)
	}
}

func mappingOf(o object) object {
	discriminator, _ := o["discriminator"].(object)
	mapping, _ := discriminator["mapping"].(object)
	return mapping
}

// A patch can misspell a field, or keep one that the contract no longer has: then there is a property that no message has.
func TestSchemasAreTheMessages(t *testing.T) {
	for name, value := range at(document(t), "components", "schemas") {
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
		got := slices.Sorted(maps.Keys(at(schema, "properties")))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: fields (-), properties (+)\n%s", name, diff)
		}
		for property, about := range at(schema, "properties") {
			if about.(object)["description"] == nil {
				t.Errorf("%s: nothing says what %s is", name, property)
			}
		}
		required, _ := schema["required"].([]any)
		for _, field := range required {
			if !slices.Contains(want, field.(string)) {
				t.Errorf("%s: %v is required and no field", name, field)
			}
		}
	}
}

// Every value of every enum says what it means.
func TestEnumsSayWhatTheyMean(t *testing.T) {
	enums := 0
	for name, value := range at(document(t), "components", "schemas") {
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

// Every operation is one of the contract's, tells how it fails in both forms, and shows a success.
func TestOperations(t *testing.T) {
	d := document(t)
	count := 0
	for address, item := range at(d, "paths") {
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
	responses := at(operation, "responses")
	for _, status := range []string{"200", "400", "429", "default"} {
		if responses[status] == nil {
			t.Errorf("no response %s", status)
		}
	}
	for status, value := range responses {
		content := at(dereferenced(d, value.(object)), "content")
		if status != "200" && status != "304" && (content["application/json"] == nil || content["application/problem+json"] == nil) {
			t.Errorf("%s: an error is JSON or a problem", status)
		}
	}
	if examples := at(responses, "200", "content", "application/json", "examples"); len(examples) == 0 {
		t.Error("no example of a success")
	}
	parameters, _ := operation["parameters"].([]any)
	for _, parameter := range parameters {
		if parameter.(object)["in"] == nil {
			t.Errorf("%v is no parameter of the contract", parameter)
		}
	}
}

func dereferenced(d, response object) object {
	if ref, ok := response["$ref"].(string); ok {
		return at(d, "components", "responses", path.Base(ref))
	}
	return response
}

// A detail that an example has is one that the document describes.
func TestDetailsOfExamplesAreDescribed(t *testing.T) {
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

// visit calls back with every object in a value.
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
