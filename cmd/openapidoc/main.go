// Command openapidoc is a protoc plugin that writes the OpenAPI document of the contract.
//
// It runs protoc-gen-openapiv3 and adds hand-written data: patch/*.yaml is merged into the generated document, and each
// request and response of examples/*.txtar becomes an example of its operation. A test sends the requests to a server
// and compares the responses; go generate records them before it writes the document.
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

//go:generate go test -count=1 -timeout=5m -run=TestExamples_Server . -update
//go:generate go -C ../.. tool -modfile=.tools/buf/go.mod buf generate --template cmd/openapidoc/buf.gen.yaml

//go:embed patch/*.yaml
var patchFiles embed.FS

//go:embed examples/*.txtar
var exampleFiles embed.FS

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "openapidoc:", err)
		os.Exit(1)
	}
}

// run reads a CodeGeneratorRequest and writes a CodeGeneratorResponse.
func run(in io.Reader, out io.Writer) error {
	input, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	request := new(pluginpb.CodeGeneratorRequest)
	if err := proto.Unmarshal(input, request); err != nil {
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
	output, err := proto.Marshal(response)
	if err != nil {
		return err
	}
	_, err = out.Write(output)
	return err
}

// generate runs protoc-gen-openapiv3 for the requested files and the file of the details.
func generate(request *pluginpb.CodeGeneratorRequest) (*pluginpb.CodeGeneratorResponse, error) {
	request.ProtoFile = append(request.ProtoFile, detailFile())
	request.FileToGenerate = append(request.FileToGenerate, detailPath)
	input, err := proto.Marshal(request)
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
		_, _ = stdin.Write(input) // if this fails, so does the tool
		_ = stdin.Close()
	}()
	output, err := tool.Output()
	if err != nil {
		return nil, err
	}
	response := new(pluginpb.CodeGeneratorResponse)
	if err := proto.Unmarshal(output, response); err != nil {
		return nil, err
	}
	if response.Error != nil {
		return nil, errors.New(response.GetError())
	}
	return response, nil
}

// compose merges the generated documents, the patches and the examples into one document. Its keys are sorted, so that the
// output is reproducible.
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
	normalize(document)
	if err := errors.Join(addPatches(document), addExamples(document)); err != nil {
		return "", err
	}
	text, err := json.MarshalIndent(document, "", "  ")
	return string(text) + "\n", err
}
