// Command openapidoc is a plugin of buf that writes the OpenAPI document of the contract.
//
// What the protos say comes from protoc-gen-openapiv3. What no generator can know is written by hand beside it, as data:
// patch/*.yaml is laid over what was generated, and examples/*.txtar, conversations that a test holds the real server
// to, are put in the place that their request and their answer have in the document. It knows how OpenAPI is built, not
// what an operation means.
//
//	plugins:
//	  - local: [go, run, ./cmd/openapidoc]
//	    out: gen/openapi
//	    strategy: all
package main

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

//go:embed patch/*.yaml
var patches embed.FS

//go:embed examples/*.txtar
var examples embed.FS

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "openapidoc:", err)
		os.Exit(1)
	}
}

// run answers what buf asks a plugin.
func run(in io.Reader, out io.Writer) error {
	asked, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	request := new(pluginpb.CodeGeneratorRequest)
	if err := proto.Unmarshal(asked, request); err != nil {
		return err
	}
	response, err := generate(request)
	if err != nil {
		return err
	}
	text, err := compose(response.GetFile(), request.GetProtoFile())
	if err != nil {
		return err
	}
	response.File = []*pluginpb.CodeGeneratorResponse_File{{Name: proto.String("openapi.json"), Content: proto.String(text)}}
	answer, err := proto.Marshal(response)
	if err != nil {
		return err
	}
	_, err = out.Write(answer)
	return err
}

// generate has the generator describe our files, and the details that no method of ours names.
func generate(request *pluginpb.CodeGeneratorRequest) (*pluginpb.CodeGeneratorResponse, error) {
	request.ProtoFile = append(request.ProtoFile, detailFile())
	request.FileToGenerate = append(request.FileToGenerate, detailPath)
	asked, err := proto.Marshal(request)
	if err != nil {
		return nil, err
	}
	tool := exec.Command("go", "tool", "protoc-gen-openapiv3")
	stdin, err := tool.StdinPipe()
	if err != nil {
		return nil, err
	}
	tool.Stderr = os.Stderr
	go func() {
		_, _ = stdin.Write(asked) // a tool that does not read says why itself
		_ = stdin.Close()
	}()
	answer, err := tool.Output()
	if err != nil {
		return nil, err
	}
	response := new(pluginpb.CodeGeneratorResponse)
	if err := proto.Unmarshal(answer, response); err != nil {
		return nil, err
	}
	if response.Error != nil {
		return nil, errors.New(response.GetError())
	}
	return response, nil
}

// compose makes one document of the generated ones, the patches and the examples. Keys are sorted, so that equal
// documents are equal texts.
func compose(generated []*pluginpb.CodeGeneratorResponse_File, protos []*descriptorpb.FileDescriptorProto) (string, error) {
	document := object{}
	for _, file := range generated {
		var part object
		if err := json.Unmarshal([]byte(file.GetContent()), &part); err != nil {
			return "", fmt.Errorf("%s: %w", file.GetName(), err)
		}
		if file.GetName() == detailDocument {
			part = object{"components": part["components"]}
		}
		document = merge(document, part).(object)
	}
	addDetails(document)
	addEnumComments(document, protos)
	mend(document)
	if err := errors.Join(addPatches(document), addExamples(document)); err != nil {
		return "", err
	}
	text, err := json.MarshalIndent(document, "", "  ")
	return string(text) + "\n", err
}
