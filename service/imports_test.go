package service_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/cbcerr/cbcerr/"

// denied lists packages that a package must not import itself. Pure functions need none of them.
var denied = map[string][]string{
	"service/translate": {"context", "net", "net/http", "os", "log", "log/slog", "math/rand"},
	"service/envelope":  {"context", "net", "os", "log", "log/slog", "math/rand"},
}

// deniedDependencies lists packages that a package must not depend on, directly or indirectly.
var deniedDependencies = map[string][]string{
	"service/catalog":            {"google.golang.org/protobuf", "google.golang.org/grpc", "net/http"},
	"service/envelope":           {"google.golang.org/protobuf/proto", "google.golang.org/protobuf/reflect", "google.golang.org/grpc"},
	"service/client":             {gateway, "google.golang.org/grpc/health", "google.golang.org/grpc/reflection", "github.com/spf13", "github.com/prometheus"},
	"service/client/interceptor": {gateway},
	"gen/go/cbc/error/v1":        {gateway},
	"gen/go/cbcerr":              {gateway},
	"gen/go/example":             {gateway},
}

const gateway = "github.com/grpc-ecosystem/grpc-gateway"

// A listedPackage is a package as go list describes it, without its tests.
type listedPackage struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

// TestImports compares the imports of every package with the table of packages in README.md.
func TestImports(t *testing.T) {
	allowed := allowedImports(t)
	for _, p := range listPackages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		imports, listed := allowed[name]
		if !listed {
			t.Errorf("README.md does not list %s", name)
		}
		delete(allowed, name)
		for _, path := range p.Imports {
			if other, own := strings.CutPrefix(path, module); own && !slices.Contains(imports, other) {
				t.Errorf("%s imports %s: README.md does not allow it", name, other)
			}
		}
		for _, path := range denied[name] {
			if slices.Contains(p.Imports, path) {
				t.Errorf("%s imports %s: denied", name, path)
			}
		}
		for _, path := range deniedDependencies[name] {
			if i := slices.IndexFunc(p.Deps, func(dep string) bool { return dep == path || strings.HasPrefix(dep, path+"/") }); i >= 0 {
				t.Errorf("%s depends on %s: denied", name, p.Deps[i])
			}
		}
	}
	for name := range allowed {
		t.Errorf("README.md lists %s, which does not exist", name)
	}
}

// allowedImports returns the imports that the table of packages in README.md allows, by package.
func allowedImports(t *testing.T) map[string][]string {
	t.Helper()
	_, table, _ := strings.Cut(readDocument(t, "service/README.md"), "| package | what | may import |\n|---|---|---|\n")
	allowed := map[string][]string{}
	for line := range strings.Lines(table) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 {
			break
		}
		imports := []string{}
		for _, name := range strings.Fields(cells[3]) {
			imports = append(imports, packagePath(name))
		}
		allowed[packagePath(strings.TrimSpace(cells[1]))] = imports
	}
	if len(allowed) == 0 {
		t.Fatal("README.md has no table of packages")
	}
	return allowed
}

// packagePath returns the path of a package in the module. Names in the table are relative to service, cmd and gen.
func packagePath(name string) string {
	name = strings.Trim(name, "`")
	if name == "gen" || strings.HasPrefix(name, "gen/") || strings.HasPrefix(name, "cmd/") {
		return name
	}
	return "service/" + name
}

// listPackages returns all packages of the module, except the one of these tests.
func listPackages(t *testing.T) []listedPackage {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "./...")
	list.Dir = ".."
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []listedPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); decoder.More(); {
		var p listedPackage
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if p.ImportPath != module+"service" {
			all = append(all, p)
		}
	}
	return all
}

// TestServer_NoCBC tests that the transports do not mention the CBC.
func TestServer_NoCBC(t *testing.T) {
	for name, text := range sources(t, "server") {
		if !strings.HasSuffix(name, "_test.go") && strings.Contains(strings.ToLower(strings.ReplaceAll(text, module, "")), "cbc") {
			t.Errorf("%s mentions the CBC", name)
		}
	}
}
