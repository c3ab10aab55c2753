// Command protodeps writes the third-party .proto files that the contract
// imports, so that the repository has no copies of them and buf needs no
// registry.
//
// It reads the imports of the contract, looks them up among the file
// descriptors of the Go packages linked below, and prints the descriptors and
// their imports as source. It omits google/protobuf, which every compiler
// includes. The output has no comments, as linked descriptors have none.
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

	// Each package registers the .proto files that it is generated from.
	_ "google.golang.org/genproto/googleapis/api/annotations"
	_ "google.golang.org/genproto/googleapis/api/httpbody"
	_ "google.golang.org/genproto/googleapis/rpc/code"
	_ "google.golang.org/genproto/googleapis/rpc/errdetails"
	_ "google.golang.org/genproto/googleapis/rpc/status"
)

const (
	contractDir  = "cbc/"             // not third-party
	wellKnownDir = "google/protobuf/" // included in buf, protoc and protocompile
)

// header is the first line of every output file. The output directory is
// replaced only if all of its files have it.
const header = "// Printed by cmd/protodeps from a linked Go package. DO NOT EDIT.\n\n"

func main() {
	protoDir := flag.String("proto", "proto", "`directory` of the contract")
	out := flag.String("out", ".protodeps", "output `directory`; previous output is replaced")
	flag.Parse()
	if err := run(*protoDir, *out); err != nil {
		fmt.Fprintln(os.Stderr, "protodeps:", err)
		os.Exit(1)
	}
}

// run writes the imports of the files in protoDir to out. If it fails to read or
// print a file, out is unchanged.
func run(protoDir, out string) error {
	roots, err := thirdPartyImports(protoDir)
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

// importLine is an import of a third-party file.
type importLine struct {
	path string
	pos  ast.SourcePos
}

// thirdPartyImports returns the import lines of all files below dir, in the order
// of files and lines.
func thirdPartyImports(dir string) ([]importLine, error) {
	var all []importLine
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

func importsOf(name string) ([]importLine, error) {
	source, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	file, err := parser.Parse(name, bytes.NewReader(source), reporter.NewHandler(nil))
	if err != nil {
		return nil, err
	}
	var found []importLine
	for _, decl := range file.Decls {
		line, ok := decl.(*ast.ImportNode)
		if !ok || !isThirdParty(line.Name.AsString()) {
			continue
		}
		found = append(found, importLine{line.Name.AsString(), file.NodeInfo(line).Start()})
	}
	return found, nil
}

// isThirdParty reports whether a file is to be printed.
func isThirdParty(path string) bool {
	return !strings.HasPrefix(path, contractDir) && !strings.HasPrefix(path, wellKnownDir)
}

// closure is a set of registered files, by path, and all their third-party imports.
type closure map[string]protoreflect.FileDescriptor

// addRoots adds files and their imports. The error names all files that no linked
// package registers.
func (c closure) addRoots(roots []importLine) error {
	var unknown []error
	for _, root := range roots {
		if err := c.add(root.path); err != nil {
			unknown = append(unknown, fmt.Errorf("%v: %w", root.pos, err))
		}
	}
	return errors.Join(unknown...)
}

func (c closure) add(path string) error {
	if c[path] != nil || !isThirdParty(path) {
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

// print returns the source of each file, by path.
func (c closure) print() (map[string]string, error) {
	texts := make(map[string]string, len(c))
	var printer protoprint.Printer
	for path, file := range c {
		text, err := printer.PrintProtoToString(file)
		if err != nil {
			return nil, fmt.Errorf("print %s: %w", path, err)
		}
		texts[path] = header + text
	}
	return texts, nil
}

// replace replaces the files below out with texts.
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

// checkPrinted returns an error if out has a file without the header, so that a
// mistyped directory is not deleted. A missing directory is no error.
func checkPrinted(out string) error {
	err := filepath.WalkDir(out, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		if err == nil && !strings.HasPrefix(string(text), header) {
			err = fmt.Errorf("%s was not printed by protodeps: not replacing %s", name, out)
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
