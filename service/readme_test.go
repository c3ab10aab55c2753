package service_test

import (
	"strings"
	"testing"
)

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
