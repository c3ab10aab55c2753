package service_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Limits of hand-written code, in lines.
const (
	maxFile     = 250
	maxFunction = 50
)

// TestSizes tests the sizes of Go files and functions, and that no file has an init function.
func TestSizes(t *testing.T) {
	for name, text := range sources(t, "..") {
		checkFile(t, name, text)
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, name, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := files.Position(f.End()).Line - files.Position(f.Pos()).Line + 1; n > maxFunction {
				t.Errorf("%s: %s has %d lines, at most %d", name, f.Name.Name, n, maxFunction)
			}
			if f.Name.Name == "init" {
				t.Errorf("%s has an init function", name)
			}
		}
	}
}

// TestSizes_OtherLanguages tests the sizes of hand-written files in other languages.
func TestSizes_OtherLanguages(t *testing.T) {
	for _, pattern := range []string{
		"../gen/python/cbcerr/*.py", "../gen/typescript/*.js", "../gen/java/src/main/java/com/cbcerr/*.java",
		"../gen/java/huaweicloud/src/main/java/com/cbcerr/huaweicloud/*.java",
		"../gen/rust/*.rs", "../gen/rust/src/*.rs", "../gen/cpp/cbcerr/*.h", "../gen/cpp/CMakeLists.txt", "../gen/cpp/cmake/*",
		"conformance/python/*.py", "conformance/typescript/*.ts", "conformance/java/src/main/java/com/cbcerr/conformance/*.java",
		"conformance/rust/src/*.rs", "conformance/cpp/*.cpp", "explorer/static/*.js",
	} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Errorf("no file matches %s: %v", pattern, err)
		}
		for _, name := range names {
			content, err := os.ReadFile(name)
			if err != nil {
				t.Error(err)
			}
			checkFile(t, name, string(content))
		}
	}
}

func checkFile(t *testing.T, name, text string) {
	t.Helper()
	if n := strings.Count(text, "\n"); n > maxFile {
		t.Errorf("%s has %d lines, at most %d", name, n, maxFile)
	}
}

// sources returns the hand-written Go files below a folder, with tests.
func sources(t *testing.T, folder string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "gen" || len(entry.Name()) > 2 && strings.HasPrefix(entry.Name(), ".")) {
			return fs.SkipDir
		}
		if strings.HasSuffix(path, ".go") {
			content, err := os.ReadFile(path)
			texts[path] = string(content)
			return err
		}
		return nil
	})
	if err != nil || len(texts) == 0 {
		t.Fatalf("%s: %d files: %v", folder, len(texts), err)
	}
	return texts
}
