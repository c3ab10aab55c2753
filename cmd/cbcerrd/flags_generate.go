//go:build ignore

// Flags_generate writes the flags of the help, which it reads from standard input, into the section "Flags" of a page.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"regexp"
	"strings"
)

// continuation matches the break of a wrapped line.
var continuation = regexp.MustCompile(`\n {10,}`)

// helpLine matches a line of the help: the flag, its description and its default.
var helpLine = regexp.MustCompile(`(?m)^ +--([a-z-]+)(?: [a-z]+|\[=true\|false\])? {2,}(.*?)(?: \(default (.*)\))?$`)

// flagsSection matches the section of the page.
var flagsSection = regexp.MustCompile(`(?s)(\n## Flags\n\n)(.*?)(\n## |\z)`)

func main() {
	help, err := io.ReadAll(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	page, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	if !flagsSection.Match(page) {
		log.Fatalf("%s has no section Flags", os.Args[1])
	}
	table := strings.ReplaceAll(tableOf(string(help)), "$", "$$")
	if err := os.WriteFile(os.Args[1], flagsSection.ReplaceAll(page, []byte("${1}"+table+"${3}")), 0o644); err != nil {
		log.Fatal(err)
	}
}

// tableOf formats the flags of the help as a table.
func tableOf(help string) string {
	lines := helpLine.FindAllStringSubmatch(continuation.ReplaceAllString(help, " "), -1)
	name := lines[0][1]
	variable := "CBCERR_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
	table := fmt.Sprintf("Each is an environment variable too: `--%s` is `%s`. A flag overrides its variable.\n\n| flag | default | meaning |\n|---|---|---|\n", name, variable)
	for _, line := range lines {
		value := strings.Trim(line[3], `"`)
		if value != "" {
			value = "`" + value + "`"
		}
		table += fmt.Sprintf("| `--%s` | %s | %s |\n", line[1], value, strings.ReplaceAll(line[2], "<", "&lt;"))
	}
	return table
}
