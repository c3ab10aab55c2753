package explorer_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/render"
)

// Patterns of the uses of a message in Go and in JavaScript, and of the uses of all messages about a kind of constant, such as
// the retry advice.
var (
	goMessage     = regexp.MustCompile(`\bw\["(\w+)"\]`)
	goKind        = regexp.MustCompile(`w\.explained\("(\w+)"|\["(\w+)\."\+`)
	scriptMessage = regexp.MustCompile(`(?:^|[^./\w]|\bcontext\.)messages\.(\w+)`)
	scriptKind    = regexp.MustCompile(`(?:describe|describeWithName)\(messages, "(\w+)"`)
)

// Each message that the command line or the page uses is in the table, and each message of the table is used.
func TestMessages_Used(t *testing.T) {
	used, kinds := map[string]bool{}, map[string]bool{}
	find := func(text string, pattern *regexp.Regexp, into map[string]bool) {
		for _, match := range pattern.FindAllStringSubmatch(text, -1) {
			into[strings.Join(match[1:], "")] = true
		}
	}
	for _, text := range renderSources(t) {
		find(text, goMessage, used)
		find(text, goKind, kinds)
	}
	for name, text := range staticFiles(t) {
		if strings.HasSuffix(name, ".js") {
			find(removeComments(text), scriptMessage, used)
			find(removeComments(text), scriptKind, kinds)
		}
	}
	for locale, messages := range render.Messages() {
		for key := range used {
			if messages[key] == "" {
				t.Errorf("%s has no message %s", locale, key)
			}
		}
		described := map[string]bool{}
		for key := range messages {
			kind, _, isConstant := strings.Cut(key, ".")
			described[kind] = described[kind] || isConstant
			if !used[key] && (!isConstant || !kinds[kind]) {
				t.Errorf("%s: message %s is not used", locale, key)
			}
		}
		for kind := range kinds {
			if !described[kind] {
				t.Errorf("%s has no messages of the kind %s", locale, kind)
			}
		}
	}
}

// renderSources returns the contents of the Go files of package render, without tests.
func renderSources(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("../render/*.go")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	var texts []string
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	return texts
}

// removeComments returns JavaScript without its comments.
func removeComments(text string) string {
	return regexp.MustCompile(`(?s:/\*.*?\*/)|(?m:(?:^|\s)//.*$)`).ReplaceAllString(text, "")
}

// Scripts have no string literals for users: those are in render/messages.tsv. The snippets and the examples are programs' texts.
func TestScripts_NoUserTexts(t *testing.T) {
	literal := regexp.MustCompile("\"(?:[^\"\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\n]|\\\\.)*'|`(?:[^`\\\\]|\\\\.)*`")
	value := regexp.MustCompile(`\$\{[^}]*\}`)
	classes := regexp.MustCompile(`class: "[^"]*"`)
	forUsers := regexp.MustCompile(`[A-Za-z]{2,}[,;:.]? [A-Za-z]{2,}|^.[A-Z][a-z]+[.…:]*.$|[^\x00-\x7f\x{B7}]`)
	for name, text := range staticFiles(t) {
		if !strings.HasSuffix(name, ".js") || name == "snippets.js" || name == "examples.js" {
			continue
		}
		for _, found := range literal.FindAllString(classes.ReplaceAllString(removeComments(text), ""), -1) {
			if forUsers.MatchString(value.ReplaceAllString(found, "")) {
				t.Errorf("%s has %s, which belongs in render/messages.tsv", name, found)
			}
		}
	}
}
