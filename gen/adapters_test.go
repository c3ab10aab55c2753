package gen_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/envelope"
)

// javaAdapter is the file of the adapter for Java that sends responses.
const javaAdapter = "java/huaweicloud/src/main/java/com/cbcerr/huaweicloud/RawResponses.java"

// headerLists maps the adapters and recipes that send responses to a server to an expression that finds their list of
// headers. A list without the headers about the encoding of the body is of a client that decodes the body.
var headerLists = map[string]struct {
	pattern string
	decodes bool
}{
	"python/cbcerr/huaweicloud.py":        {`(?s)\n_HEADERS = \((.*?)\)`, true},
	"python/recipes/requests_response.py": {`(?s)\nHEADERS = \((.*?)\)`, true},
	"typescript/huaweicloud.js":           {`(?s)\nconst HEADERS = \[(.*?)\]`, true},
	"typescript/recipes/fetch.ts":         {`(?s)\nconst HEADERS = \[(.*?)\]`, true},
	javaAdapter:                           {`(?s) HEADERS =\s+Arrays\.asList\((.*?)\)`, true},
	"java/example/FromHttpResponse.java":  {`(?s) HEADERS =\s+List\.of\((.*?)\)`, false},
	"rust/examples/recipe.rs":             {`(?s)\nconst HEADERS: .*? = \[(.*?)\]`, false},
	"cpp/recipe.cpp":                      {`(?s) kHeaders\[\] = \{(.*?)\}`, false},
}

// contentTypes maps the adapters to an expression that finds their expression of content types that can be errors.
var contentTypes = map[string]string{
	"python/cbcerr/huaweicloud.py": `_ERROR_TYPES = re\.compile\(r"(.*)", re\.I\)`,
	"typescript/huaweicloud.js":    `const ERROR_TYPE = /(.*)/i;`,
	javaAdapter:                    `(?s) ERROR_TYPES =\s+Pattern\.compile\((.*?),\s+Pattern\.CASE_INSENSITIVE\)`,
}

// quoted matches a string of Java.
var quoted = regexp.MustCompile(`"[^"]*"`)

// TestAdapters_Headers tests that each adapter and recipe sends all headers that a server reads, and no others. Those about
// the encoding of the body do not apply to a decoded body.
func TestAdapters_Headers(t *testing.T) {
	all := quoted.FindAllString(find(t, "../service/envelope/response.go", `relevantHeaders = \[numHeaders\]string\{(.*)\}`), -1)
	for name, list := range headerLists {
		want := slices.DeleteFunc(slices.Clone(all), func(header string) bool {
			return list.decodes && (header == `"Content-Length"` || header == `"Content-Encoding"`)
		})
		got := quoted.FindAllString(find(t, name, list.pattern), -1)
		missing := slices.DeleteFunc(slices.Clone(want), func(header string) bool {
			return slices.ContainsFunc(got, func(sent string) bool { return strings.EqualFold(sent, header) })
		})
		if len(missing) > 0 || len(got) != len(want) {
			t.Errorf("%s sends %v, the server reads %v", name, got, want)
		}
	}
}

// noImage matches the part of an expression that excludes images.
var noImage = regexp.MustCompile(`\(\?!image\\?/\)`)

// TestAdapters_ContentTypes tests that each adapter judges the same content types as the server. Expressions of Go have no
// lookahead, so of the one that excludes images only the presence is tested.
func TestAdapters_ContentTypes(t *testing.T) {
	for name, pattern := range contentTypes {
		text := find(t, name, pattern)
		if strings.HasSuffix(name, ".java") {
			text = unquote(t, text)
		}
		if !noImage.MatchString(text) {
			t.Errorf("%s: %s accepts images", name, text)
		}
		expression := regexp.MustCompile("(?i)^(?:" + noImage.ReplaceAllString(text, "") + ")")
		for _, contentType := range []string{
			"", " ", "json", "; charset=utf-8", "application/json", " application/json ;charset=UTF-8", "Application/Problem+JSON", "application/x-json",
			"application/vnd.a+b+json", "application/json; a=1; a=2", "application/json, text/plain", "application/jsonl", "text/json", "text/plain",
			"TEXT/PLAIN; charset", "text/plainer", "text/html", "application/xhtml+xml", "application/soap+xml; action=a", "text/javascript", "text/csv",
			"text/csv; a=application/json", "text/event-stream", "application/octet-stream", "application/zip", "application/x-x-json", "a/b/xml",
		} {
			if got, want := expression.MatchString(contentType), envelope.CanReportError(contentType); got != want {
				t.Errorf("%s: %q is judged: %t, by the server: %t", name, contentType, got, want)
			}
		}
	}
}

// find returns the first group of an expression in a file.
func find(t *testing.T, name, pattern string) string {
	t.Helper()
	match := regexp.MustCompile(pattern).FindStringSubmatch(read(t, name))
	if match == nil {
		t.Fatalf("%s does not match %s", name, pattern)
	}
	return match[1]
}

// unquote returns the value of strings of Java that are added.
func unquote(t *testing.T, expression string) (value string) {
	t.Helper()
	for _, literal := range quoted.FindAllString(expression, -1) {
		part, err := strconv.Unquote(literal)
		if err != nil {
			t.Fatal(err)
		}
		value += part
	}
	return value
}
