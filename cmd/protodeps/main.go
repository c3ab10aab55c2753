// Command protodeps prints the third-party .proto files our own ones import,
// so that no foreign source is kept in the tree and no registry is asked.
//
// It knows that the Go packages linked below carry the descriptors of their
// .proto files: it reads the imports of our files, follows them through those
// descriptors and prints each as source. It does not know what our files mean,
// and it leaves out google/protobuf, which every compiler carries itself.
// Descriptors in Go carry no comments, so neither does what is printed.
//
// Both folders are relative to the current one; from the root of the repository:
//
//	go run ./cmd/protodeps -proto proto -out .protodeps
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bufbuild/protocompile/ast"
	"github.com/bufbuild/protocompile/parser"
	"github.com/bufbuild/protocompile/reporter"
	"github.com/jhump/protoreflect/v2/protoprint"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	// Each of these registers the .proto files it was generated from.
	_ "google.golang.org/genproto/googleapis/api/annotations"
	_ "google.golang.org/genproto/googleapis/api/httpbody"
	_ "google.golang.org/genproto/googleapis/rpc/code"
	_ "google.golang.org/genproto/googleapis/rpc/errdetails"
	_ "google.golang.org/genproto/googleapis/rpc/status"
)

const (
	ours      = "cbc/"             // our own files, never printed
	wellKnown = "google/protobuf/" // carried by buf, protoc and protocompile
)

// mark begins every printed file. A folder holding anything without it was not
// written by this program, and is refused rather than replaced.
const mark = "// Printed by cmd/protodeps from a linked Go package. DO NOT EDIT.\n\n"

func main() {
	protoDir := flag.String("proto", "proto", "folder of our .proto files")
	out := flag.String("out", ".protodeps", "folder to print into; what was printed there before is replaced")
	flag.Parse()
	if err := run(*protoDir, *out); err != nil {
		fmt.Fprintln(os.Stderr, "protodeps:", err)
		os.Exit(1)
	}
}

// run touches the folder out only once everything is read and printed.
func run(protoDir, out string) error {
	roots, err := foreignImports(protoDir)
	if err != nil {
		return err
	}
	files := closure{}
	if err := files.addRoots(roots); err != nil {
		return err
	}
	texts, err := files.print()
	if err != nil {
		return err
	}
	return replace(filepath.Clean(out), texts)
}

// foreign is one import line naming a file that is not ours.
type foreign struct {
	path string
	at   ast.SourcePos
}

// foreignImports lists the import lines below dir that have to be printed, in
// the order of files and lines.
func foreignImports(dir string) ([]foreign, error) {
	var all []foreign
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".proto" {
			return err
		}
		found, err := importsOf(name)
		all = append(all, found...)
		return err
	})
	return all, err
}

func importsOf(name string) ([]foreign, error) {
	source, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	file, err := parser.Parse(name, bytes.NewReader(source), reporter.NewHandler(nil))
	if err != nil {
		return nil, err
	}
	var found []foreign
	for _, decl := range file.Decls {
		line, ok := decl.(*ast.ImportNode)
		if !ok || !wanted(line.Name.AsString()) {
			continue
		}
		found = append(found, foreign{line.Name.AsString(), file.NodeInfo(line).Start()})
	}
	return found, nil
}

func wanted(path string) bool {
	return !strings.HasPrefix(path, ours) && !strings.HasPrefix(path, wellKnown)
}

// closure holds registered files by path, each with all its imports but the
// well-known ones.
type closure map[string]protoreflect.FileDescriptor

// addRoots names every root no linked package registers, not only the first.
func (c closure) addRoots(roots []foreign) error {
	var unknown []error
	for _, root := range roots {
		if err := c.add(root.path); err != nil {
			unknown = append(unknown, fmt.Errorf("%v: %w", root.at, err))
		}
	}
	return errors.Join(unknown...)
}

func (c closure) add(path string) error {
	if c[path] != nil || !wanted(path) {
		return nil
	}
	file, err := protoregistry.GlobalFiles.FindFileByPath(path)
	if err != nil {
		return fmt.Errorf("no linked Go package registers %q: add a blank import of it to cmd/protodeps/main.go", path)
	}
	c[path] = file
	imports := file.Imports()
	for i := range imports.Len() {
		if err := c.add(imports.Get(i).Path()); err != nil {
			return fmt.Errorf("imported by %s: %w", path, err)
		}
	}
	return nil
}

// print returns the source of each file by its path.
func (c closure) print() (map[string]string, error) {
	texts := make(map[string]string, len(c))
	var printer protoprint.Printer
	for path, file := range c {
		text, err := printer.PrintProtoToString(file)
		if err != nil {
			return nil, fmt.Errorf("print %s: %w", path, err)
		}
		texts[path] = mark + text
	}
	return texts, nil
}

// replace leaves exactly texts below out, so that nothing stale is compiled.
func replace(out string, texts map[string]string) error {
	if err := checkPrinted(out); err != nil {
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for path, text := range texts {
		if err := write(filepath.Join(out, filepath.FromSlash(path)), text); err != nil {
			return err
		}
	}
	return nil
}

func write(name, text string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o644)
}

// checkPrinted guards against a mistyped folder: deleting is safe only where
// every file carries the mark. A folder that does not exist yet is fine.
func checkPrinted(out string) error {
	err := filepath.WalkDir(out, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		if err == nil && !strings.HasPrefix(string(text), mark) {
			err = fmt.Errorf("%s was not printed by protodeps: not replacing %s", name, out)
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
