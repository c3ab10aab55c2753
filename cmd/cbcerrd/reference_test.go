package main_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The documents with the flags of the daemon and of the sidecar.
const (
	flagsDocument   = "../../deploy/reference/flags.md"
	sidecarDocument = "../../deploy/sidecar.md"
)

// The tables of flags equal the output of their generator, which reads the help.
func referenceListsAllFlags(t *testing.T, p program) {
	checkFlagTable(t, flagsDocument, p.run(t, nil, "-h").stdout, slices.Concat(textFlags(), numberFlags()))
	checkFlagTable(t, sidecarDocument, p.run(t, nil, "proxy", "-h").stdout, proxyFlags())
}

func checkFlagTable(t *testing.T, document, help string, flags []string) {
	t.Helper()
	page, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	generated := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(generated, page, 0o644); err != nil {
		t.Fatal(err)
	}
	generate := exec.Command("go", "run", "flags_generate.go", generated)
	generate.Stdin = strings.NewReader(help)
	if out, err := generate.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if want, err := os.ReadFile(generated); err != nil || string(want) != string(page) {
		t.Errorf("the flags in %s differ from the help; go generate ./cmd/cbcerrd updates them (%v)", document, err)
	}
	for _, flag := range flags {
		if !strings.Contains(string(page), "\n| `--"+flag+"` |") {
			t.Errorf("%s does not list --%s", document, flag)
		}
	}
}

// metricName matches the name of a metric in a text or a query.
var metricName = regexp.MustCompile(`\b(cbcerr|grpc_server|http_server)_[a-z_]+\b`)

// The documents, the alerts and the dashboard name existing metrics only. The sidecar has metrics and a test of its own.
func referencesNameExistingMetrics(t *testing.T, p program) {
	existing := map[string]bool{}
	for name := range p.metricFamilies(t) {
		existing[name] = true
	}
	for _, pattern := range []string{"*.md", "reference/*.md", "runbooks/*.md", "prometheus/*.yaml", "grafana/dashboard.json"} {
		files, err := filepath.Glob("../../deploy/" + pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no file %s (%v)", pattern, err)
		}
		for _, file := range files {
			if file != sidecarDocument {
				checkMetricNames(t, file, existing, file == metricsDocument)
			}
		}
	}
}

// checkMetricNames requires that a file names existing metrics only, and all of them if it is a reference.
func checkMetricNames(t *testing.T, file string, existing map[string]bool, reference bool) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	named := names(string(text))
	for _, name := range slices.Sorted(maps.Keys(named)) {
		if !existing[name] {
			t.Errorf("%s names %s, which does not exist", file, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(existing)) {
		if reference && !named[name] {
			t.Errorf("%s does not describe %s", file, name)
		}
	}
}

// names returns the names of the metrics. The series of a histogram have one name.
func names(text string) map[string]bool {
	all := map[string]bool{}
	for _, name := range metricName.FindAllString(text, -1) {
		for _, part := range []string{"_bucket", "_count", "_sum"} {
			name = strings.TrimSuffix(name, part)
		}
		all[name] = true
	}
	return all
}
