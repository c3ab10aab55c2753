package explorer_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/render"
)

// Uses of a word in Go and in JavaScript, and of the words of a kind of constants.
var (
	goWord     = regexp.MustCompile(`\bw\["(\w+)"\]`)
	goKind     = regexp.MustCompile(`w\.explained\("(\w+)"|\["(\w+)\."\+`)
	scriptWord = regexp.MustCompile(`(?:^|[^./\w]|\bcontext\.)words\.(\w+)`)
	scriptKind = regexp.MustCompile(`(?:meaning|explained)\(words, "(\w+)"`)
)

// TestWords_Used fails if the command line or the page asks for a word that the table lacks, or never asks for one it has.
func TestWords_Used(t *testing.T) {
	used, kinds := map[string]bool{}, map[string]bool{}
	find := func(text string, pattern *regexp.Regexp, into map[string]bool) {
		for _, match := range pattern.FindAllStringSubmatch(text, -1) {
			into[strings.Join(match[1:], "")] = true
		}
	}
	for _, text := range renderSources(t) {
		find(text, goWord, used)
		find(text, goKind, kinds)
	}
	for name, text := range static(t) {
		if strings.HasSuffix(name, ".js") {
			find(uncommented(text), scriptWord, used)
			find(uncommented(text), scriptKind, kinds)
		}
	}
	for locale, words := range render.Messages() {
		for key := range used {
			if words[key] == "" {
				t.Errorf("%s has no word %s", locale, key)
			}
		}
		explained := map[string]bool{}
		for key := range words {
			kind, _, constant := strings.Cut(key, ".")
			explained[kind] = explained[kind] || constant
			if !used[key] && (!constant || !kinds[kind]) {
				t.Errorf("%s: nothing says %s", locale, key)
			}
		}
		for kind := range kinds {
			if !explained[kind] {
				t.Errorf("%s explains no %s", locale, kind)
			}
		}
	}
}

// renderSources are the texts of the files of render, without its tests.
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

// uncommented is JavaScript without its comments.
func uncommented(text string) string {
	return regexp.MustCompile(`(?s:/\*.*?\*/)|(?m:(?:^|\s)//.*$)`).ReplaceAllString(text, "")
}

// TestScripts_NoTextOfTheirOwn fails if a script has a string that people would read. Snippets are programs, not texts.
func TestScripts_NoTextOfTheirOwn(t *testing.T) {
	literal := regexp.MustCompile("\"(?:[^\"\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\n]|\\\\.)*'|`(?:[^`\\\\]|\\\\.)*`")
	value := regexp.MustCompile(`\$\{[^}]*\}`)
	class := regexp.MustCompile(`class: "[^"]*"`)
	human := regexp.MustCompile(`[A-Za-z]{2,}[,;:.]? [A-Za-z]{2,}|^.[A-Z][a-z]+[.…:]*.$|[^\x00-\x7f\x{B7}]`)
	for name, text := range static(t) {
		if !strings.HasSuffix(name, ".js") || name == "snippets.js" {
			continue
		}
		for _, found := range literal.FindAllString(class.ReplaceAllString(uncommented(text), ""), -1) {
			if human.MatchString(value.ReplaceAllString(found, "")) {
				t.Errorf("%s says %s, which belongs into render/messages.tsv", name, found)
			}
		}
	}
}
