package main_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "update the table of flags in the operations document")

// operationsDocument is the document for operators.
const operationsDocument = "../../deploy/README.md"

// flagsSection matches the section of the flags.
var flagsSection = regexp.MustCompile(`(?s)(\n## Flags\n\n)(.*?)(\n## |\z)`)

// helpLine matches a line of the help: the flag, its description, its variable and its default.
var helpLine = regexp.MustCompile(`(?m)^ +--([a-z-]+)(?: [a-z]+)? {2,}(.*) \[\w+\](?: \(default (.*)\))?$`)

// The table of flags equals the help. Each description has at most 100 characters.
func referenceListsAllFlags(t *testing.T, p program) {
	table := "Each is an environment variable too: `--grpc-addr` is `CBCERR_GRPC_ADDR`. A flag overrides its variable.\n\n| flag | default | |\n|---|---|---|\n"
	lines := helpLine.FindAllStringSubmatch(p.run(t, nil, "-h").stdout, -1)
	for _, line := range lines {
		if n := utf8.RuneCountInString(line[2]); n > 100 {
			t.Errorf("--%s: the description has %d characters, want at most 100", line[1], n)
		}
		value := strings.Trim(line[3], `"`)
		if value != "" {
			value = "`" + value + "`"
		}
		table += fmt.Sprintf("| `--%s` | %s | %s |\n", line[1], value, strings.ReplaceAll(line[2], "<", "&lt;"))
	}
	if want := len(textFlags()) + len(numberFlags()); len(lines) != want {
		t.Errorf("%d flags in the help, want %d", len(lines), want)
	}
	page, err := os.ReadFile(operationsDocument)
	if err != nil {
		t.Fatal(err)
	}
	want := flagsSection.ReplaceAllString(string(page), "${1}"+strings.ReplaceAll(table, "$", "$$")+"${3}")
	if *update {
		if err := os.WriteFile(operationsDocument, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != string(page) || !strings.Contains(want, table) {
		t.Errorf("%s differs from the help; update it with go test ./cmd/cbcerrd -update", operationsDocument)
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
