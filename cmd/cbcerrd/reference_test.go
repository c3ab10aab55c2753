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

// operationsDocument is the document for operators.
const operationsDocument = "../../deploy/README.md"

// longDescription matches a flag of the help whose description has more than 100 characters.
var longDescription = regexp.MustCompile(`(?m)^ +--[a-z-]+(?: [a-z]+)? {2,}\S.{100,} \[\w+\](?: \(default .*\))?$`)

// The table of flags equals the output of its generator, which reads the help. Each description fits in a line.
func referenceListsAllFlags(t *testing.T, p program) {
	help := p.run(t, nil, "-h").stdout
	if long := longDescription.FindString(help); long != "" {
		t.Errorf("description of more than 100 characters: %s", long)
	}
	page, err := os.ReadFile(operationsDocument)
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
		t.Errorf("the flags in %s differ from the help; go generate ./cmd/cbcerrd updates them (%v)", operationsDocument, err)
	}
	for _, flag := range slices.Concat(textFlags(), numberFlags()) {
		if !strings.Contains(string(page), "\n| `--"+flag+"` |") {
			t.Errorf("%s does not list --%s", operationsDocument, flag)
		}
	}
}

// metricName matches the name of a metric in a text or a query.
var metricName = regexp.MustCompile(`\b(cbcerr|grpc_server|http_server)_[a-z_]+\b`)

// The document describes every metric. The document, the alerts and the dashboard name no other.
func referencesNameExistingMetrics(t *testing.T, p program) {
	c := newCertificates(t)
	server := c.leaf(t, "server", 2)
	d := p.start(t, nil, append(c.flags(), "--admin-addr", "127.0.0.1:0")...)
	if _, rest, overGRPC := d.callTLS(t, c.client(t, server)); rest != nil || overGRPC != nil {
		t.Fatal(rest, overGRPC)
	}
	existing := names(read(t, "http://"+d.admin+"/metrics"))
	existing["cbcerr_translations_total"] = true // has no series before the first translation
	for _, file := range []string{operationsDocument, "../../deploy/prometheus/alerts.yaml", "../../deploy/grafana/dashboard.json"} {
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
			if file == operationsDocument && !named[name] {
				t.Errorf("%s does not describe %s", file, name)
			}
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
