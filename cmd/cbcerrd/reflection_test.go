package main_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
)

// Tools without the proto files depend on reflection.
func reflectionListsServices(t *testing.T, p program) {
	reply := reflect(t, p.start(t, nil, freePorts()...).dial(t), &reflectionpb.ServerReflectionRequest{
		MessageRequest: &reflectionpb.ServerReflectionRequest_ListServices{},
	})
	var got []string
	for _, service := range reply.GetListServicesResponse().GetService() {
		got = append(got, service.GetName())
	}
	slices.Sort(got)
	want := []string{
		"cbc.error.v1.CatalogService", "cbc.error.v1.TranslationService", "grpc.health.v1.Health",
		"grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// No method refers to the types of details, which tools resolve by name.
func reflectionResolvesDetails(t *testing.T, p program) {
	conn := p.start(t, nil, freePorts()...).dial(t)
	for _, c := range []struct{ symbol, file, message string }{
		{"cbc.error.v1.CbcError", "cbc/error/v1/cbc_error.proto", "CbcError"},
		{"google.rpc.ErrorInfo", "google/rpc/error_details.proto", "ErrorInfo"},
		{"google.rpc.RetryInfo", "google/rpc/error_details.proto", "RetryInfo"},
	} {
		reply := reflect(t, conn, &reflectionpb.ServerReflectionRequest{
			MessageRequest: &reflectionpb.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: c.symbol},
		})
		file := fileNamed(t, reply, c.file)
		if !slices.ContainsFunc(file.GetMessageType(), func(m *descriptorpb.DescriptorProto) bool { return m.GetName() == c.message }) {
			t.Errorf("%s is not in %q of %v", c.symbol, c.file, reply.GetErrorResponse())
		}
	}
}

// reflect sends one request to the reflection service.
func reflect(t *testing.T, conn *grpc.ClientConn, request *reflectionpb.ServerReflectionRequest) *reflectionpb.ServerReflectionResponse {
	t.Helper()
	stream, err := reflectionpb.NewServerReflectionClient(conn).ServerReflectionInfo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Send(request); err != nil {
		t.Fatal(err)
	}
	reply, err := stream.Recv()
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

// fileNamed returns a file of a reply, nil if it is missing.
func fileNamed(t *testing.T, reply *reflectionpb.ServerReflectionResponse, name string) *descriptorpb.FileDescriptorProto {
	t.Helper()
	for _, data := range reply.GetFileDescriptorResponse().GetFileDescriptorProto() {
		file := new(descriptorpb.FileDescriptorProto)
		if err := proto.Unmarshal(data, file); err != nil {
			t.Fatal(err)
		}
		if file.GetName() == name {
			return file
		}
	}
	return nil
}
