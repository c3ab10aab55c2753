package service_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// root is the root of the repository.
const root = ".."

// budgets are the maximum numbers of lines and words of documents; 0 sets no limit.
var budgets = []struct {
	document     string
	lines, words int
}{
	{"README.md", 230, 1800},
	{"deploy/README.md", 0, 1800},
	{"service/README.md", 120, 0},
}

// TestDocuments_Budgets tests that documents stay short.
func TestDocuments_Budgets(t *testing.T) {
	for _, b := range budgets {
		text := readDocument(t, b.document)
		if lines := strings.Count(text, "\n"); b.lines > 0 && lines > b.lines {
			t.Errorf("%s has %d lines, at most %d", b.document, lines, b.lines)
		}
		if words := len(strings.Fields(text)); b.words > 0 && words > b.words {
			t.Errorf("%s has %d words, at most %d", b.document, words, b.words)
		}
	}
}

// maxParagraph is the maximum length of a paragraph: five lines of 140 characters.
const maxParagraph = 5 * 140

// TestDocuments_Paragraphs tests that paragraphs and items of lists are short.
func TestDocuments_Paragraphs(t *testing.T) {
	for _, name := range documents(t) {
		for _, paragraph := range paragraphs(readDocument(t, name)) {
			if length := utf8.RuneCountInString(paragraph); length > maxParagraph {
				t.Errorf("%s: %d characters, at most %d: %.60q", name, length, maxParagraph, paragraph)
			}
		}
	}
}

// reader matches a paragraph that names its reader.
var reader = regexp.MustCompile(`(?i)\bfor(\s\S+){0,4}?\s(engineers|operators|translators|readers|programs)\b`)

// TestDocuments_Reader tests that the first paragraph of every document names its reader.
func TestDocuments_Reader(t *testing.T) {
	for _, name := range documents(t) {
		title, text, _ := strings.Cut(readDocument(t, name), "\n\n")
		first, _, _ := strings.Cut(text, "\n\n")
		if !strings.HasPrefix(title, "# ") || !reader.MatchString(first) {
			t.Errorf("%s: %q and %q are no title and a reader such as %q", name, title, first, "For operators")
		}
	}
}

// TestDocuments_Links tests that the file and the heading of every link within the repository exist.
func TestDocuments_Links(t *testing.T) {
	anchors := map[string][]string{}
	for _, name := range documents(t) {
		anchors[name] = headings(readDocument(t, name))
	}
	checked := 0
	for name := range anchors {
		for _, target := range links(readDocument(t, name)) {
			checked++
			if !exists(anchors, name, target) {
				t.Errorf("%s links to %s, which does not exist", name, target)
			}
		}
	}
	if checked < 100 {
		t.Errorf("found %d links", checked)
	}
}

// exists reports whether the target of a link in a document exists.
func exists(anchors map[string][]string, document, target string) bool {
	file, anchor, anchored := strings.Cut(target, "#")
	file, absolute := strings.CutPrefix(file, repository)
	if !absolute && file != "" {
		file = filepath.Join(filepath.Dir(document), file)
	} else if !absolute {
		file = document
	}
	if _, err := os.Stat(filepath.Join(root, file)); err != nil {
		return false
	}
	return !anchored || slices.Contains(anchors[filepath.Clean(file)], anchor)
}

// repository is the address of files of the repository.
const repository = "https://github.com/cbcerr/cbcerr/blob/main/"

// documents returns the names of all documents. Folders of build results and of test data are skipped.
func documents(t *testing.T) (names []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		built := []string{".git", ".protodeps", ".venv", "build", "node_modules", "target", "testdata"}
		if entry != nil && entry.IsDir() && slices.Contains(built, entry.Name()) {
			return fs.SkipDir
		}
		if strings.HasSuffix(name, ".md") {
			names = append(names, name)
		}
		return err
	})
	if err != nil || len(names) < 15 {
		t.Fatalf("found %q: %v", names, err)
	}
	return names
}

func readDocument(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// These expressions read Markdown as far as the documents use it. The library goldmark would be in the go.mod of all users
// of the module.
var (
	codeBlock = regexp.MustCompile("(?ms)^ *```.*?^ *```$")
	codeSpan  = regexp.MustCompile("`[^`\n]*`")
	linked    = regexp.MustCompile(`(?m)\]\(([^()\s]+)\)|^\[[^\]]+\]: (\S+)|(?:href|src)="([^"]+)"`)
	heading   = regexp.MustCompile(`(?m)^#{1,6} +(.*?)\s*$`)
	label     = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	dropped   = regexp.MustCompile(`[^\p{L}\p{M}\p{N}_ -]`)
	item      = regexp.MustCompile(`(?m)^(?:-|\d+\.) `)
	scheme    = regexp.MustCompile(`^[a-z]+:`)
)

// paragraphs returns the paragraphs of a document and the items of its lists, without tables and code.
func paragraphs(text string) (found []string) {
	for _, block := range strings.Split(codeBlock.ReplaceAllString(text, ""), "\n\n") {
		if !strings.HasPrefix(strings.TrimSpace(block), "|") {
			found = append(found, item.Split(block, -1)...)
		}
	}
	return found
}

// links returns the targets of the links of a document that lead to files of the repository.
func links(text string) (targets []string) {
	text = codeSpan.ReplaceAllString(codeBlock.ReplaceAllString(text, ""), "")
	for _, match := range linked.FindAllStringSubmatch(text, -1) {
		target := strings.Join(match[1:], "")
		if strings.HasPrefix(target, repository) || !scheme.MatchString(target) {
			targets = append(targets, target)
		}
	}
	return targets
}

// headings returns the anchors of the headings of a document, as GitHub makes them.
func headings(text string) (anchors []string) {
	for _, match := range heading.FindAllStringSubmatch(codeBlock.ReplaceAllString(text, ""), -1) {
		words := strings.ToLower(label.ReplaceAllString(match[1], "$1"))
		anchor := strings.ReplaceAll(dropped.ReplaceAllString(words, ""), " ", "-")
		anchors = append(anchors, anchor)
	}
	return anchors
}
