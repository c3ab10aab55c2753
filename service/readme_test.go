package service_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func readReadme(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// allowedImports returns the imports that the table of packages in README.md allows, by package.
func allowedImports(t *testing.T) map[string][]string {
	t.Helper()
	_, table, _ := strings.Cut(readReadme(t), "| package | what | may import |\n|---|---|---|\n")
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

// link matches the target of a relative link.
var link = regexp.MustCompile(`\]\(([^):]+)\)`)

// TestReadme_Links tests that the files and folders that README.md links to exist.
func TestReadme_Links(t *testing.T) {
	links := link.FindAllStringSubmatch(readReadme(t), -1)
	if len(links) < 20 {
		t.Errorf("%d links", len(links))
	}
	for _, l := range links {
		if _, err := os.Stat(l[1]); err != nil {
			t.Error(err)
		}
	}
}

// TestReadme_Length tests that README.md stays short.
func TestReadme_Length(t *testing.T) {
	if n := strings.Count(readReadme(t), "\n"); n > 120 {
		t.Errorf("%d lines, at most 120", n)
	}
}
