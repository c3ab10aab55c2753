package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/cbcerr/cbcerr/service/test/golden"
)

// response is a row of responses.tsv: what a server sends, and its meaning.
type response struct {
	name, method, body string
	status             int
	meaning            meaning
}

// form is a row of forms.tsv: the parts of a response that a form of an SDK's exceptions shows. The response is * for all.
type form struct {
	sdk, name, response string
	shows               []string
}

type tables struct {
	responses []response
	forms     []form
}

func readTables(folder string) (t tables, err error) {
	err = errors.Join(
		readTable(filepath.Join(folder, "responses.tsv"), 10, func(row []string) error {
			status, err := strconv.Atoi(row[2])
			t.responses = append(t.responses, response{name: row[0], method: row[1], body: row[9], status: status, meaning: meaning{
				HTTPStatus: row[2], RequestID: row[3], Code: row[4], Reason: row[5], Retry: row[6], Wait: row[7], Message: row[8],
			}})
			return err
		}),
		readTable(filepath.Join(folder, "forms.tsv"), 4, func(row []string) error {
			t.forms = append(t.forms, form{sdk: row[0], name: row[1], response: row[2], shows: strings.Fields(row[3])})
			return nil
		}),
	)
	return t, err
}

// readTable passes on the rows of a table. A line that begins with # is a comment.
func readTable(path string, columns int, add func(row []string) error) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(row) != columns {
			return fmt.Errorf("%s: %d columns instead of %d: %s", path, len(row), columns, line)
		}
		if err := add(row); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// formsOf returns the names of an SDK's forms.
func (t tables) formsOf(sdk string) (names []string) {
	for _, f := range t.forms {
		if f.sdk == sdk && !slices.Contains(names, f.name) {
			names = append(names, f.name)
		}
	}
	return names
}

// shows returns what a form shows of a response. A row of the response counts more than one of all responses.
func (t tables) shows(sdk, name, response string) (shows []string) {
	for _, f := range t.forms {
		if f.sdk != sdk || f.name != name {
			continue
		}
		if f.response == response {
			return f.shows
		}
		if f.response == "*" {
			shows = f.shows
		}
	}
	return shows
}

func (r response) headers() map[string]string {
	contentType := "application/json"
	if strings.HasPrefix(r.body, "<") {
		contentType = "text/html"
	}
	return map[string]string{"Content-Type": contentType, "X-Request-Id": r.meaning.RequestID}
}

// ServeHTTP sends the response to any request.
func (r response) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	for name, value := range r.headers() {
		w.Header().Set(name, value)
	}
	w.WriteHeader(r.status)
	_, _ = w.Write([]byte(r.body))
}

// golden returns the response as a golden case without an expected translation.
func (r response) golden() golden.Case {
	c := golden.Case{Name: "response, " + r.name, Status: r.status, Headers: r.headers(), Body: []byte(r.body), Locale: "en"}
	var text bytes.Buffer
	fmt.Fprintf(&text, "HTTP/1.1 %d %s\r\n", r.status, http.StatusText(r.status))
	for name, value := range c.Headers {
		fmt.Fprintf(&text, "%s: %s\r\n", name, value)
	}
	c.Response = append(append(text.Bytes(), "\r\n"...), r.body...)
	return c
}
