// Package golden reads the golden cases: text files, each with an upstream response, its caller and the expected
// translation. Golden cases are the one authored format of this project's tests. Each package compares them with its own
// part of the way; package replay sends them through every entry point.
//
//	cases, err := golden.Read("../translate/testdata")
package golden

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"golang.org/x/tools/txtar"
	"google.golang.org/protobuf/encoding/protojson"
)

// A Case is an upstream response, its caller and the expected translation.
type Case struct {
	Name    string
	Comment string // what the case shows
	File    string

	Response []byte // header section and body, as curl -i prints them; without a status line, the body alone
	Status   int    // 0 without a status line
	Headers  map[string]string
	Body     []byte

	Locale, Service, Site string // of the caller

	Want *errorv1.Translation
}

// Read reads all cases of a folder. A folder without cases is an error.
func Read(folder string) ([]Case, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.txtar"))
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("no cases in %s: %w", folder, err)
	}
	var all []Case
	for _, name := range names {
		c, err := read(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, c)
	}
	return all, nil
}

func read(name string) (Case, error) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		return Case{}, err
	}
	if len(archive.Files) != 3 || archive.Files[0].Name != "response" || archive.Files[1].Name != "caller" || archive.Files[2].Name != "answer" {
		return Case{}, errors.New("a case has the parts response, caller (lines locale: …, service: …, site: …) and answer")
	}
	c := Case{
		Name: strings.TrimSuffix(filepath.Base(name), ".txtar"), File: name, Comment: string(archive.Comment),
		Response: archive.Files[0].Data, Locale: "en", Want: new(errorv1.Translation),
	}
	c.parseCaller(archive.Files[1].Data)
	if err := c.parseResponse(); err != nil {
		return Case{}, err
	}
	if answer := archive.Files[2].Data; len(bytes.TrimSpace(answer)) > 0 { // a new case has an empty one, until -update
		err = protojson.Unmarshal(answer, c.Want)
	}
	return c, err
}

func (c *Case) parseCaller(lines []byte) {
	fields := map[string]*string{"locale": &c.Locale, "service": &c.Service, "site": &c.Site}
	for line := range strings.Lines(string(lines)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if field := fields[key]; field != nil {
			*field = value
		}
	}
}

func (c *Case) parseResponse() error {
	if !bytes.HasPrefix(c.Response, []byte("HTTP/")) {
		c.Body = c.Response
		return nil
	}
	r, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(c.Response)), nil)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	c.Status, c.Headers = r.StatusCode, map[string]string{}
	for key := range r.Header {
		c.Headers[key] = r.Header.Get(key)
	}
	if c.Body, err = io.ReadAll(r.Body); errors.Is(err, io.ErrUnexpectedEOF) { // shorter than its Content-Length
		return nil
	}
	return err
}

// Header returns the value of a header, whose name may be in any letter case.
func (c Case) Header(name string) string {
	for key, value := range c.Headers {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}
