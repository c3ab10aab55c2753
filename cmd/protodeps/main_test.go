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

// anyNestedOrder is the one thing not compared. A map field declares its entry
// message where the field stands, and fields are printed before the nested
// messages some files write above them. All else is equal as it is: json_name
// is in both, and source_code_info in neither.
var anyNestedOrder = protocmp.SortRepeatedFields(&descriptorpb.DescriptorProto{}, "nested_type")

// Printing loses nothing: whatever is linked compiles to itself again.
func TestPrintedFilesCompileToTheRegisteredOnes(t *testing.T) {
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
		want, got := readBack(t, registered), readBack(t, recompiled)
		if diff := cmp.Diff(want, got, protocmp.Transform(), anyNestedOrder); diff != "" {
			t.Errorf("%s: registered -, recompiled +\n%s", recompiled.Path(), diff)
		}
	}
}

// The comparison above says something only if these are among what it compares.
func TestLinkedFilesIncludeWhatOurContractImports(t *testing.T) {
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

func TestPrintsTransitiveImportsOnly(t *testing.T) {
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

func TestReplacesWhatItPrintedBefore(t *testing.T) {
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

func TestRefusesToReplaceWhatItDidNotPrint(t *testing.T) {
	out := protoDir(t)
	before := filesBelow(t, out)
	err := run(protoDir(t, "google/rpc/code.proto"), out)
	wantError(t, err, "ours.proto was not printed by protodeps")
	if diff := cmp.Diff(before, filesBelow(t, out)); diff != "" {
		t.Errorf("before -, after +\n%s", diff)
	}
}

func TestUnknownImportsAreNamedAndNothingIsWritten(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	err := run(protoDir(t, "google/rpc/code.proto", "acme/one.proto", "acme/two.proto"), out)
	wantError(t, err,
		filepath.Join("nested", "ours.proto")+":4:1: ", `"acme/one.proto"`,
		filepath.Join("nested", "ours.proto")+":5:1: ", `"acme/two.proto"`,
		"add a blank import", "cmd/protodeps/main.go")
	if _, err := os.Stat(out); !os.IsNotExist(err) {
		t.Errorf("%s was written: %v", out, err)
	}
}

func TestUnreadableInputIsAnError(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	wantError(t, run(missing, t.TempDir()), missing)

	broken := t.TempDir()
	if err := write(filepath.Join(broken, "broken.proto"), "import nothing"); err != nil {
		t.Fatal(err)
	}
	wantError(t, run(broken, t.TempDir()), "broken.proto:1:8", "syntax error")
}

// linkedPaths lists all that could be printed, not only what we import today.
func linkedPaths() []string {
	var paths []string
	protoregistry.GlobalFiles.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		if wanted(file.Path()) {
			paths = append(paths, file.Path())
		}
		return true
	})
	slices.Sort(paths)
	return paths
}

// protoDir writes one file with these imports, from the third line on, so that
// no test depends on what our own folder holds.
func protoDir(t *testing.T, imports ...string) string {
	t.Helper()
	var text strings.Builder
	text.WriteString("syntax = \"proto3\";\npackage ours;\n")
	for _, path := range imports {
		fmt.Fprintf(&text, "import %q;\n", path)
	}
	dir := t.TempDir()
	if err := write(filepath.Join(dir, "nested", "ours.proto"), text.String()); err != nil {
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

// readBack is the descriptor as its bytes say it, so that custom options are of
// the registered Go types on both sides, whoever compiled them.
func readBack(t *testing.T, file protoreflect.FileDescriptor) *descriptorpb.FileDescriptorProto {
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
