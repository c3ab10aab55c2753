package service_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestReadme_Numbers counts the rows of codes.tsv that Huawei's page has, and compares the numbers of the README.
func TestReadme_Numbers(t *testing.T) {
	var page, ok, internal, fixable int
	for line := range strings.Lines(readDocument(t, "service/catalog/codes.tsv")) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if cells[len(cells)-1] != "page" {
			continue
		}
		page++
		switch http, status, retry := cells[1], cells[2], cells[4]; {
		case http == "200" && status != "OK":
			ok++
		case http == "500":
			internal++
			if retry == "CHANGE_REQUEST" || retry == "FIX_STATE" {
				fixable++
			}
		}
	}
	words := strings.Join(strings.Fields(readDocument(t, "README.md")), " ")
	for _, want := range []string{
		fmt.Sprintf("%d of the %d errors of", ok, page-1),
		fmt.Sprintf("Of the %d with HTTP 500, %d need another request or another state", internal, fixable),
		fmt.Sprintf("the %d codes of the page (%d errors and one success)", page, page-1),
	} {
		if !strings.Contains(words, want) {
			t.Errorf("README.md does not say %q, as codes.tsv does", want)
		}
	}
}
