package client_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var goBlock = regexp.MustCompile("(?s)```go\n(.*?)```\n")

// The Go code in the README of the language is code that the tests run.
func TestReadme_Code(t *testing.T) {
	var sources strings.Builder
	for _, name := range []string{"example_test.go", "recipes_test.go", "huaweicloud/example_test.go", "../../gen/go/example/main.go"} {
		sources.WriteString(readFile(t, name))
	}
	blocks := goBlock.FindAllStringSubmatch(readFile(t, "../../gen/go/README.md"), -1)
	for _, block := range blocks {
		indented := "\t" + strings.ReplaceAll(strings.TrimSuffix(block[1], "\n"), "\n", "\n\t")
		if !strings.Contains(sources.String(), block[1]) && !strings.Contains(sources.String(), indented) {
			t.Errorf("no test runs\n%s", block[1])
		}
	}
	if len(blocks) < 6 {
		t.Errorf("%d blocks of code", len(blocks))
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
