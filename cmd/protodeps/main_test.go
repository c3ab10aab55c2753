package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bufbuild/protocompile"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/descriptorpb"
)

// anyNestedOrder ignores the order of nested messages. The compiler adds the entry
// message of a map at the position of the field, and the printer moves fields
// before nested messages.
var anyNestedOrder = protocmp.SortRepeatedFields(&descriptorpb.DescriptorProto{}, "nested_type")

// The printed files compile to the registered descriptors.
func TestRun_RoundTrip(t *testing.T) {
	paths := linkedPaths()
	out := t.TempDir()
	if err := run(protoDir(t, paths...), out); err != nil {
		t.Fatal(err)
	}
	compiler := protocompile.Compiler{Resolver: protocompile.WithStandardImports(
		&protocompile.SourceResolver{ImportPaths: []string{out}})}
	files, err := compiler.Compile(context.Background(), paths...)
	if err != nil {
		t.Fatal(err)
	}
	for _, recompiled := range files {
		registered, err := protoregistry.GlobalFiles.FindFileByPath(recompiled.Path())
		if err != nil {
			t.Fatal(err)
		}
		want, got := roundTrip(t, registered), roundTrip(t, recompiled)
		if diff := cmp.Diff(want, got, protocmp.Transform(), anyNestedOrder); diff != "" {
			t.Errorf("%s: registered -, recompiled +\n%s", recompiled.Path(), diff)
		}
	}
}

// The imports of the contract are among the files of TestRun_RoundTrip.
func TestLinkedPaths_ContractImports(t *testing.T) {
	linked := linkedPaths()
	for _, path := range []string{
		"google/api/annotations.proto",
		"google/api/field_behavior.proto",
		"google/api/httpbody.proto",
		"google/rpc/code.proto",
		"google/rpc/error_details.proto",
		"google/rpc/status.proto",
	} {
		if !slices.Contains(linked, path) {
			t.Errorf("%s is not linked", path)
		}
	}
}

func TestRun_TransitiveImports(t *testing.T) {
	dir := protoDir(t, "google/api/annotations.proto", "google/protobuf/any.proto", "cbc/error/v1/error_code.proto")
	out := filepath.Join(t.TempDir(), "new", "folder")
	if err := run(dir, out); err != nil {
		t.Fatal(err)
	}
	want := []string{"google/api/annotations.proto", "google/api/http.proto"}
	if diff := cmp.Diff(want, filesBelow(t, out)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

func TestRun_ReplacesPreviousOutput(t *testing.T) {
	out := t.TempDir()
	for _, path := range []string{"google/api/annotations.proto", "google/rpc/code.proto"} {
		if err := run(protoDir(t, path), out); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"google/rpc/code.proto"}, filesBelow(t, out)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

func TestRun_KeepsOtherFiles(t *testing.T) {
	out := protoDir(t)
	before := filesBelow(t, out)
	err := run(protoDir(t, "google/rpc/code.proto"), out)
	wantError(t, err, "contract.proto was not printed by protodeps")
	if diff := cmp.Diff(before, filesBelow(t, out)); diff != "" {
		t.Errorf("before -, after +\n%s", diff)
	}
}

func TestRun_UnknownImports(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	err := run(protoDir(t, "google/rpc/code.proto", "acme/one.proto", "acme/two.proto"), out)
	wantError(t, err,
		filepath.Join("nested", "contract.proto")+":4:1: ", `"acme/one.proto"`,
		filepath.Join("nested", "contract.proto")+":5:1: ", `"acme/two.proto"`,
		"add a blank import", "cmd/protodeps/main.go")
	if _, err := os.Stat(out); !os.IsNotExist(err) {
		t.Errorf("%s was written: %v", out, err)
	}
}

func TestRun_InvalidInput(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	wantError(t, run(missing, t.TempDir()), missing)

	broken := t.TempDir()
	if err := write(filepath.Join(broken, "broken.proto"), "import nothing"); err != nil {
		t.Fatal(err)
	}
	wantError(t, run(broken, t.TempDir()), "broken.proto:1:8", "syntax error")
}

// linkedPaths returns the paths of all files that can be printed.
func linkedPaths() []string {
	var paths []string
	protoregistry.GlobalFiles.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		if isThirdParty(file.Path()) {
			paths = append(paths, file.Path())
		}
		return true
	})
	slices.Sort(paths)
	return paths
}

// protoDir returns a directory with one file. Its imports begin on the third line.
func protoDir(t *testing.T, imports ...string) string {
	t.Helper()
	var text strings.Builder
	text.WriteString("syntax = \"proto3\";\npackage contract;\n")
	for _, path := range imports {
		fmt.Fprintf(&text, "import %q;\n", path)
	}
	dir := t.TempDir()
	if err := write(filepath.Join(dir, "nested", "contract.proto"), text.String()); err != nil {
		t.Fatal(err)
	}
	return dir
}

func filesBelow(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// roundTrip encodes and decodes a descriptor, so that custom options have the
// registered Go types.
func roundTrip(t *testing.T, file protoreflect.FileDescriptor) *descriptorpb.FileDescriptorProto {
	t.Helper()
	data, err := proto.Marshal(protodesc.ToFileDescriptorProto(file))
	if err != nil {
		t.Fatal(err)
	}
	read := new(descriptorpb.FileDescriptorProto)
	if err := proto.Unmarshal(data, read); err != nil {
		t.Fatal(err)
	}
	return read
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q not in error: %v", part, err)
		}
	}
}
