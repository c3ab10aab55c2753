package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Directories and files of the tests.
const (
	catalogDir = "../../service/catalog"
	lawfulDir  = "../../service/test/testserver/tables" // keeps all laws
	smallDir   = catalogDir + "/testdata/small"
	smallPage  = smallDir + "/page.md"
	missing    = catalogDir + "/testdata/missing"
)

// The committed files are those generated from the tables.
func TestGenerate_CommittedFiles(t *testing.T) {
	root := repository(t, catalogDir)
	if status, err := run([]string{"generate", root}, nil); status != 0 || err != nil {
		t.Fatalf("status %d, error %v, want 0 and no error", status, err)
	}
	for _, name := range generated {
		if diff := cmp.Diff(read(t, filepath.Join("../..", name)), read(t, filepath.Join(root, name))); diff != "" {
			t.Errorf("%s is out of date: run `go generate ./...` and read the diff (-committed +generated)\n%s", name, diff)
		}
	}
}

// generated are the files that cbccatalog generates.
var generated = []string{"proto/cbc/error/v1/error_code.proto", "proto/cbc/error/v1/error_reason.proto",
	"gen/go/cbcerr/reason.go", "service/conformance/cases/every_code.txtpb"}

// repository returns the root of a new repository with the tables of a directory and directories for the generated files.
func repository(t *testing.T, tables string) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range generated {
		if err := os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(filepath.Join(root, "service/catalog"), os.DirFS(tables)); err != nil {
		t.Fatal(err)
	}
	return root
}

// If a law is broken, generate and update write nothing.
func TestGenerate_BrokenLaw(t *testing.T) {
	root := repository(t, lawfulDir)
	table := filepath.Join(root, "service/catalog/codes.tsv")
	broken := strings.Replace(read(t, table), "\tRESOURCE_EXHAUSTED\tREQUEST_THROTTLED", "\tFAILED\tREQUEST_THROTTLED", 1)
	if err := os.WriteFile(table, []byte(broken), 0o644); err != nil {
		t.Fatal(err)
	}
	before := files(t, root)
	for _, command := range []string{"generate", "update"} {
		status, err := run([]string{command, root}, io.Discard)
		if want := `codes.tsv:9: CBC.0250: status: "FAILED" must be one of`; status != 2 || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: status %d, error %v, want %s", command, status, err, want)
		}
		if diff := cmp.Diff(before, files(t, root)); diff != "" {
			t.Errorf("%s wrote (-before +after)\n%s", command, diff)
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// editedCopy returns a copy of the small catalogue. In the given file the HTTP status of CBC.0250 is replaced.
func editedCopy(t *testing.T, name, status string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(smallDir)); err != nil {
		t.Fatal(err)
	}
	content := read(t, filepath.Join(dir, name))
	if strings.Count(content, "429") != 1 {
		t.Fatalf("%s does not contain 429 exactly once", name)
	}
	changed := strings.Replace(content, "429", status, 1)
	if err := os.WriteFile(filepath.Join(dir, name), []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// diff prints one line for each change, and returns 1 if there is one.
func TestDiff_Changes(t *testing.T) {
	for _, tc := range []struct {
		name   string
		args   []string
		status int
		out    string
	}{
		{"equal directories", []string{"diff", smallDir, smallDir}, 0, ""},
		{"catalogue and itself", []string{"diff", catalogDir, catalogDir}, 0, ""},
		{"changed HTTP status", []string{"diff", smallDir, editedCopy(t, "codes.tsv", "503")}, 1,
			"http     CBC.0250  http: \"429\" -> \"503\"\n"},
		{"changed HTTP status, reversed", []string{"diff", editedCopy(t, "codes.tsv", "503"), smallDir}, 1,
			"http     CBC.0250  http: \"503\" -> \"429\"\n"},
		{"equal page", []string{"diff", "--page", smallPage, smallDir}, 0, ""},
		{"flag after the directory", []string{"diff", smallDir, "--page=" + smallPage}, 0, ""},
		{"changed page", []string{"diff", "--page", filepath.Join(editedCopy(t, "page.md", "503"), "page.md"), smallDir}, 1,
			"http     CBC.0250  http: \"429\" -> \"503\"\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out bytes.Buffer
			status, err := run(tc.args, &out)
			if status != tc.status || err != nil || out.String() != tc.out {
				t.Errorf("status %d, error %v, out:\n%s\nwant status %d, out:\n%s", status, err, &out, tc.status, tc.out)
			}
		})
	}
}

// Without a directory, the page is compared with the embedded catalogue.
func TestDiff_EmbeddedCatalogue(t *testing.T) {
	var out bytes.Buffer
	status, err := run([]string{"diff", "--page", smallPage}, &out)
	if status != 1 || err != nil || !strings.Contains(out.String(), "gone     CBC.99003651") {
		t.Errorf("status %d, error %v, out:\n%s\nwant status 1, and CBC.99003651 gone", status, err, &out)
	}
}

// Errors have the exit status 2, and nothing is printed.
func TestRun_Errors(t *testing.T) {
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"no arguments", nil, "usage:"},
		{"unknown command", []string{"compare", smallDir, smallDir}, "usage:"},
		{"unknown flag", []string{"diff", "--pages", smallPage}, "pages"},
		{"flag without a value", []string{"diff", "--page"}, "page"},
		{"generate without a root", []string{"generate"}, "usage:"},
		{"generate with two roots", []string{"generate", ".", "."}, "usage:"},
		{"update of two roots", []string{"update", ".", "."}, "usage:"},
		{"update of a missing root", []string{"update", missing}, "codes.tsv"},
		{"diff without directories", []string{"diff"}, "usage:"},
		{"diff of one directory", []string{"diff", smallDir}, "usage:"},
		{"diff of three directories", []string{"diff", smallDir, smallDir, smallDir}, "usage:"},
		{"page with two directories", []string{"diff", "--page", smallPage, smallDir, smallDir}, "usage:"},
		{"missing old directory", []string{"diff", missing, smallDir}, missing},
		{"missing new directory", []string{"diff", smallDir, missing}, missing},
		{"missing directory of a page", []string{"diff", "--page", smallPage, missing}, "reasons.tsv"},
		{"invalid table", []string{"diff", smallDir, editedCopy(t, "codes.tsv", "many")}, `codes.tsv:3: http: "many"`},
		{"missing page", []string{"diff", "--page", missing, smallDir}, missing},
		{"file that is not a page", []string{"diff", "--page", smallDir + "/codes.tsv", smallDir}, "codes.tsv: "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out bytes.Buffer
			status, err := run(tc.args, &out)
			if status != 2 || err == nil || !strings.Contains(err.Error(), tc.want) || out.Len() > 0 {
				t.Errorf("status %d, error %v, out %q; want status 2 and an error with %q only", status, err, &out, tc.want)
			}
		})
	}
}

func TestGenerate_MissingRoot(t *testing.T) {
	if _, err := run([]string{"generate", missing}, nil); err == nil || !strings.Contains(err.Error(), missing) {
		t.Errorf("error %v, want one that names %s", err, missing)
	}
}

func TestRun_Help(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"-h"}, {"diff", "--help"}} {
		var out bytes.Buffer
		status, err := run(args, &out)
		if status != 0 || err != nil || !strings.HasPrefix(out.String(), "usage:") {
			t.Errorf("%q: status %d, error %v, out %q; want the usage and status 0", args, status, err, &out)
		}
		for line := range strings.Lines(out.String()) {
			if len(line) > 101 { // with its line break
				t.Errorf("a line of more than 100 columns: %s", line)
			}
		}
	}
}
