package main_test

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

//go:generate go test -run TestDaemon/reference_lists_all_metrics$ . -update

var update = flag.Bool("update", false, "rewrite the table of metrics")

const metricsDocument = "../../deploy/reference/metrics.md"

var (
	// metricsSection matches the section of the table.
	metricsSection = regexp.MustCompile(`(?s)(\n## Metrics\n\n)(.*?)(\n## |\z)`)
	// metricRow matches a row of the table: the name and the meaning.
	metricRow = regexp.MustCompile("(?m)^\\| `(\\w+)` \\|.*\\| (.*) \\|$")
)

// The names, types and labels of the table equal those of a running daemon. The meanings are written by hand.
func referenceListsAllMetrics(t *testing.T, p program) {
	page, err := os.ReadFile(metricsDocument)
	if err != nil {
		t.Fatal(err)
	}
	if !metricsSection.Match(page) {
		t.Fatalf("%s has no section Metrics", metricsDocument)
	}
	meanings := map[string]string{}
	for _, row := range metricRow.FindAllStringSubmatch(string(page), -1) {
		meanings[row[1]] = row[2]
	}
	table := metricTable(p.metricFamilies(t), meanings)
	want := metricsSection.ReplaceAllString(string(page), "${1}"+strings.ReplaceAll(table, "$", "$$")+"${3}")
	if *update {
		if err := os.WriteFile(metricsDocument, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != string(page) {
		t.Errorf("%s differs from the metrics of the daemon; go generate ./cmd/cbcerrd updates it. Want:\n%s", metricsDocument, table)
	}
}

// metricFamilies returns the metrics of a daemon with TLS, after a translation. Those of every Go program are left out.
func (p program) metricFamilies(t *testing.T) map[string]*dto.MetricFamily {
	t.Helper()
	c := newCertificates(t)
	server := c.leaf(t, "server", 2)
	d := p.start(t, nil, append(c.flags(), "--admin-addr", "127.0.0.1:0")...)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: c.client(t, server)}}
	defer client.CloseIdleConnections()
	for range 2 { // the server counts a request before it reads the next one of the connection
		response, err := client.Post(d.rest+translateRaw, "", strings.NewReader(throttled))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(read(t, "http://"+d.admin+"/metrics")))
	if err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(families, func(name string, _ *dto.MetricFamily) bool {
		return strings.HasPrefix(name, "go_") || strings.HasPrefix(name, "process_")
	})
	return families
}

// metricTable formats metrics as a table. A metric without a meaning gets its help text.
func metricTable(families map[string]*dto.MetricFamily, meanings map[string]string) string {
	table := "| metric | type | labels | meaning |\n|---|---|---|---|\n"
	for _, name := range slices.Sorted(maps.Keys(families)) {
		family := families[name]
		meaning, ok := meanings[name]
		if !ok {
			meaning = family.GetHelp()
		}
		table += fmt.Sprintf("| `%s` | %s | %s | %s |\n", name, strings.ToLower(family.GetType().String()), labelNames(family), meaning)
	}
	return table
}

// labelNames returns the names of all labels of a metric.
func labelNames(family *dto.MetricFamily) string {
	all := map[string]bool{}
	for _, metric := range family.GetMetric() {
		for _, label := range metric.GetLabel() {
			all["`"+label.GetName()+"`"] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(all)), ", ")
}
