package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Where the committed files and the catalogues to compare stand.
const (
	catalogFolder = "../../service/catalog"
	smallFolder   = catalogFolder + "/testdata/small"
	smallPage     = smallFolder + "/page.md"
	missing       = catalogFolder + "/testdata/missing"
)

// TestProjectLeavesNoDiff holds the committed files against the table: they are projections of it.
func TestProjectLeavesNoDiff(t *testing.T) {
	root := t.TempDir()
	names := []string{"proto/cbc/error/v1/error_code.proto", "proto/cbc/error/v1/error_reason.proto",
		"gen/go/cbcerr/reason.go", "service/conformance/cases/every_code.txtpb"}
	for _, name := range names {
		if err := os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if status, err := run([]string{"project", root}, nil); status != 0 || err != nil {
		t.Fatalf("status %d, error %v, want 0 and none", status, err)
	}
	for _, name := range names {
		if diff := cmp.Diff(read(t, filepath.Join("../..", name)), read(t, filepath.Join(root, name))); diff != "" {
			t.Errorf("%s is not what the table says: run `go generate ./...` and look at the diff (-committed +table):\n%s", name, diff)
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

// edited is a copy of the small catalogue, one file of which gives CBC.0250 another HTTP status than 429.
func edited(t *testing.T, name, status string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(smallFolder)); err != nil {
		t.Fatal(err)
	}
	content := read(t, filepath.Join(folder, name))
	if strings.Count(content, "429") != 1 {
		t.Fatalf("%s says 429 more or less than once", name)
	}
	changed := strings.Replace(content, "429", status, 1)
	if err := os.WriteFile(filepath.Join(folder, name), []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	return folder
}

// TestDiff: scripts read the exit status, people the lines.
func TestDiff(t *testing.T) {
	for _, tc := range []struct {
		name   string
		args   []string
		status int
		out    string
	}{
		{"equal folders", []string{"diff", smallFolder, smallFolder}, 0, ""},
		{"the real one with itself", []string{"diff", catalogFolder, catalogFolder}, 0, ""},
		{"another HTTP status", []string{"diff", smallFolder, edited(t, "codes.tsv", "503")}, 1,
			"http     CBC.0250  http: \"429\" -> \"503\"\n"},
		{"the other way round", []string{"diff", edited(t, "codes.tsv", "503"), smallFolder}, 1,
			"http     CBC.0250  http: \"503\" -> \"429\"\n"},
		{"equal page", []string{"diff", "--page", smallPage, smallFolder}, 0, ""},
		{"flag after the folder", []string{"diff", smallFolder, "--page=" + smallPage}, 0, ""},
		{"another page", []string{"diff", "--page", filepath.Join(edited(t, "page.md", "503"), "page.md"), smallFolder}, 1,
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

// TestDiffPageWithoutFolder compares with the embedded catalogue, which has codes that the small page has not.
func TestDiffPageWithoutFolder(t *testing.T) {
	var out bytes.Buffer
	status, err := run([]string{"diff", "--page", smallPage}, &out)
	if status != 1 || err != nil || !strings.Contains(out.String(), "gone     CBC.99003651") {
		t.Errorf("status %d, error %v, out:\n%s\nwant status 1, and CBC.99003651 gone", status, err, &out)
	}
}

// TestTrouble: whatever cannot be answered has status 2 and says what was wrong; no change is not an answer then.
func TestTrouble(t *testing.T) {
	for _, tc := range []struct {
		name string
		args []string
		says string
	}{
		{"nothing", nil, "usage:"},
		{"unknown word", []string{"compare", smallFolder, smallFolder}, "usage:"},
		{"unknown flag", []string{"diff", "--pages", smallPage}, "pages"},
		{"flag without a value", []string{"diff", "--page"}, "page"},
		{"project nowhere", []string{"project"}, "usage:"},
		{"project with a word too many", []string{"project", ".", "."}, "usage:"},
		{"diff of nothing", []string{"diff"}, "usage:"},
		{"diff of one folder", []string{"diff", smallFolder}, "usage:"},
		{"diff of three folders", []string{"diff", smallFolder, smallFolder, smallFolder}, "usage:"},
		{"page with two folders", []string{"diff", "--page", smallPage, smallFolder, smallFolder}, "usage:"},
		{"old folder missing", []string{"diff", missing, smallFolder}, missing},
		{"new folder missing", []string{"diff", smallFolder, missing}, missing},
		{"folder of the page missing", []string{"diff", "--page", smallPage, missing}, "reasons.tsv"},
		{"broken folder", []string{"diff", smallFolder, edited(t, "codes.tsv", "many")}, `codes.tsv:3: http: "many"`},
		{"page missing", []string{"diff", "--page", missing, smallFolder}, missing},
		{"page that is none", []string{"diff", "--page", smallFolder + "/codes.tsv", smallFolder}, "codes.tsv: "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out bytes.Buffer
			status, err := run(tc.args, &out)
			if status != 2 || err == nil || !strings.Contains(err.Error(), tc.says) || out.Len() > 0 {
				t.Errorf("status %d, error %v, out %q; want status 2 and an error with %q only", status, err, &out, tc.says)
			}
		})
	}
}

// TestProjectIntoNowhere: generating must not seem to have worked.
func TestProjectIntoNowhere(t *testing.T) {
	if _, err := run([]string{"project", missing}, nil); err == nil || !strings.Contains(err.Error(), missing) {
		t.Errorf("error %v, want one that names %s", err, missing)
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"-h"}, {"diff", "--help"}} {
		var out bytes.Buffer
		status, err := run(args, &out)
		if status != 0 || err != nil || !strings.HasPrefix(out.String(), "usage:") {
			t.Errorf("%q: status %d, error %v, out %q; want the usage and status 0", args, status, err, &out)
		}
	}
}
