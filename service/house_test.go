package service_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/cbcerr/cbcerr/"

// arrows is the floor plan: which room may import which others. A room that is not listed may not be there.
var arrows = map[string][]string{
	"cmd/cbcerrd":             {"service/server", "service/rpc", "service/translate", "service/catalog", "service/explorer", "service/reload", "service/auth", "service/telemetry", "gen"},
	"cmd/cbcerr":              {"service/rpc", "service/translate", "service/envelope", "service/catalog", "service/render", "gen/go/cbc/error/v1"},
	"cmd/cbccatalog":          {"service/catalog"},
	"cmd/protodeps":           {},
	"cmd/openapidoc":          {},
	"service/rpc":             {"service/translate", "service/envelope", "service/catalog", "service/render", "gen/go/cbc/error/v1", "gen/go/gateway/cbc/error/v1"},
	"service/render":          {"gen/go/cbc/error/v1"},
	"service/translate":       {"service/envelope", "service/catalog", "gen/go/cbc/error/v1"},
	"service/server":          {"service/auth"},
	"service/reload":          {},
	"service/auth":            {},
	"service/telemetry":       {},
	"service/test/golden":     {},
	"service/test/testca":     {},
	"service/test/testserver": {"service/server", "service/rpc", "service/translate", "service/catalog"},
	"service/test/bench":      {"service/rpc", "service/translate", "service/envelope", "service/catalog", "service/test/golden", "gen/go/cbc/error/v1", "gen/go/gateway/cbc/error/v1"},
	"service/test/e2e":        {},
	"service/explorer":        {"service/catalog", "service/render"},
	"service/envelope":        {},
	"service/catalog":         {},
	"gen":                     {},
	"gen/go/cbcerr":           {"gen/go/cbc/error/v1"},
	"gen/go/example":          {"gen/go/cbcerr", "gen/go/cbc/error/v1"},

	"service/conformance":                   {"service/conformance/gen/conformancev1", "service/test/golden", "gen/go/cbc/error/v1"},
	"service/conformance/go":                {"service/conformance/gen/conformancev1", "gen/go/cbcerr", "gen/go/cbc/error/v1"},
	"service/conformance/gen/conformancev1": {"gen/go/cbc/error/v1"},

	"gen/go/cbc/error/v1":         {},
	"gen/go/gateway/cbc/error/v1": {"gen/go/cbc/error/v1"},
}

// forbidden are packages of others that a room must never reach, not even through somebody else.
var forbidden = map[string][]string{
	"service/catalog":  {"google.golang.org/protobuf", "google.golang.org/grpc", "net/http"},
	"service/envelope": {"google.golang.org/protobuf", "google.golang.org/grpc"},

	"gen/go/cbc/error/v1": {gateway},
	"gen/go/cbcerr":       {gateway},
	"gen/go/example":      {gateway},
}

// gateway must not be linked by a Go client.
const gateway = "github.com/grpc-ecosystem/grpc-gateway"

// shunned are packages that a room must not import itself: a pure function has no use for them.
var shunned = map[string][]string{
	"service/translate": {"context", "net", "net/http", "os", "log", "log/slog", "math/rand"},
	"service/envelope":  {"context", "net", "os", "log", "log/slog", "math/rand"},
}

// A room is what go list tells about a package, without its tests.
type room struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

// TestFloorPlan holds every import of one room by another to the plan.
func TestFloorPlan(t *testing.T) {
	for _, r := range rooms(t) {
		name := strings.TrimPrefix(r.ImportPath, module)
		allowed, planned := arrows[name]
		if !planned {
			t.Errorf("%s is not in the plan", name)
		}
		for _, path := range r.Imports {
			if other, ours := strings.CutPrefix(path, module); ours && !slices.Contains(allowed, other) {
				t.Errorf("%s imports %s, which the plan does not allow", name, other)
			}
		}
		for _, path := range shunned[name] {
			if slices.Contains(r.Imports, path) {
				t.Errorf("%s imports %s, which it has no use for", name, path)
			}
		}
		for _, path := range forbidden[name] {
			if i := slices.IndexFunc(r.Deps, func(dep string) bool { return dep == path || strings.HasPrefix(dep, path+"/") }); i >= 0 {
				t.Errorf("%s reaches %s, which it must not know", name, r.Deps[i])
			}
		}
	}
}

func rooms(t *testing.T) []room {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "./...")
	list.Dir = ".."
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []room
	for decoder := json.NewDecoder(strings.NewReader(string(out))); decoder.More(); {
		var r room
		if err := decoder.Decode(&r); err != nil {
			t.Fatal(err)
		}
		if r.ImportPath != strings.TrimSuffix(module, "/")+"/service" { // this test's own, empty package
			all = append(all, r)
		}
	}
	return all
}

// TestServerKnowsNoCBCWord: transports stay transports.
func TestServerKnowsNoCBCWord(t *testing.T) {
	for name, text := range sources(t, "server") {
		if !strings.HasSuffix(name, "_test.go") && strings.Contains(strings.ToLower(strings.ReplaceAll(text, module, "")), "cbc") {
			t.Errorf("%s speaks of the CBC", name)
		}
	}
}

// TestSizes: files and functions stay of a size that one sees at a glance.
func TestSizes(t *testing.T) {
	for name, text := range sources(t, "..") {
		if n := strings.Count(text, "\n"); n > 250 {
			t.Errorf("%s has %d lines, at most 250", name, n)
		}
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
			if n := files.Position(f.End()).Line - files.Position(f.Pos()).Line; n > 50 {
				t.Errorf("%s: %s has %d lines, at most 50", name, f.Name.Name, n)
			}
			if f.Name.Name == "init" {
				t.Errorf("%s has an init", name)
			}
		}
	}
}

// TestSizesOfOtherLanguages: what is written by hand in other languages stays of that size too.
func TestSizesOfOtherLanguages(t *testing.T) {
	for _, pattern := range []string{
		"../gen/python/cbcerr/*.py", "../gen/typescript/*.js", "../gen/java/src/main/java/com/cbcerr/*.java",
		"../gen/rust/*.rs", "../gen/rust/src/*.rs", "../gen/cpp/cbcerr/*.h", "../gen/cpp/CMakeLists.txt", "../gen/cpp/cmake/*",
		"conformance/python/*.py", "conformance/typescript/*.ts", "conformance/java/src/main/java/com/cbcerr/conformance/*.java",
		"conformance/rust/src/*.rs", "conformance/cpp/*.cpp", "explorer/static/*.js",
	} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Errorf("no file is %s: %v", pattern, err)
		}
		for _, name := range names {
			content, err := os.ReadFile(name)
			if n := strings.Count(string(content), "\n"); n > 250 || err != nil {
				t.Errorf("%s has %d lines, at most 250: %v", name, n, err)
			}
		}
	}
}

// sources are the hand-written Go files below a folder, tests too.
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
