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
)

var update = flag.Bool("update", false, "write the flags into the operations page anew")

// operationsPage is what operators read.
const operationsPage = "../../deploy/README.md"

// section finds what stands between a heading and the next.
var flagsSection = regexp.MustCompile(`(?s)(\n## Flags\n\n)(.*?)(\n## |\z)`)

// helpLine is a line of the help: the flag, what it does, its variable and its default.
var helpLine = regexp.MustCompile(`(?m)^ +--([a-z-]+)(?: [a-z]+)? {2,}(.*) \[\w+\](?: \(default (.*)\))?$`)

// The page has every flag with its default and its reason: what the help says.
func pageListsAllFlags(t *testing.T, p program) {
	table := "Each is an environment variable too: `--grpc-addr` is `CBCERR_GRPC_ADDR`. A flag overrides its variable.\n\n| flag | default | |\n|---|---|---|\n"
	lines := helpLine.FindAllStringSubmatch(p.run(t, nil, "-h").stdout, -1)
	for _, line := range lines {
		value := strings.Trim(line[3], `"`)
		if value != "" {
			value = "`" + value + "`"
		}
		table += fmt.Sprintf("| `--%s` | %s | %s |\n", line[1], value, strings.ReplaceAll(line[2], "<", "&lt;"))
	}
	if want := len(texts()) + len(numbers()); len(lines) != want {
		t.Errorf("%d flags in the help, want %d", len(lines), want)
	}
	page, err := os.ReadFile(operationsPage)
	if err != nil {
		t.Fatal(err)
	}
	want := flagsSection.ReplaceAllString(string(page), "${1}"+strings.ReplaceAll(table, "$", "$$")+"${3}")
	if *update {
		if err := os.WriteFile(operationsPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != string(page) || !strings.Contains(want, table) {
		t.Errorf("%s has other flags than the help; go test ./cmd/cbcerrd -update writes them anew", operationsPage)
	}
}

// metricName is one of ours, or of the conventions, in a text or a query.
var metricName = regexp.MustCompile(`\b(cbcerr|grpc_server|http_server)_[a-z_]+\b`)

// The page explains every metric that there is, and nothing that alerts and the dashboard ask for is missing.
func pagesKnowTheMetrics(t *testing.T, p program) {
	c := newCertificates(t)
	server := c.leaf(t, "server", 2)
	d := p.start(t, nil, append(c.flags(), "--admin-addr", "127.0.0.1:0")...)
	if _, rest, overGRPC := d.ask(t, c.client(t, server)); rest != nil || overGRPC != nil {
		t.Fatal(rest, overGRPC)
	}
	there := names(read(t, "http://"+d.admin+"/metrics"))
	there["cbcerr_translations_total"] = true // from its first event on
	for _, file := range []string{operationsPage, "../../deploy/prometheus/alerts.yaml", "../../deploy/grafana/dashboard.json"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		said := names(string(text))
		for _, name := range slices.Sorted(maps.Keys(said)) {
			if !there[name] {
				t.Errorf("%s speaks of %s, which there is not", file, name)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(there)) {
			if file == operationsPage && !said[name] {
				t.Errorf("%s does not explain %s", file, name)
			}
		}
	}
}

// names are those of the metrics, of which a histogram is one.
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
