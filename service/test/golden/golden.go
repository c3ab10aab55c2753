// Package golden reads the golden conversations, text files that say what was received, by whom, and what it means. It is
// there for tests: each room holds the same conversations to what it adds.
//
//	all, err := golden.Read("../translate/testdata")
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

	"golang.org/x/tools/txtar"
)

// A Conversation is a response, what the caller said besides, and the answer.
type Conversation struct {
	Name    string
	Comment string // what it shows
	File    string

	Response []byte // as it is on the wire, but for line ends: head and body
	Status   int
	Headers  map[string]string
	Body     []byte

	Locale, Service, Site string // of the caller

	Answer []byte // the translation as JSON
}

// Read reads all conversations of a folder; that there is none is an error.
func Read(folder string) ([]Conversation, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.txtar"))
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("no conversations in %s: %w", folder, err)
	}
	var all []Conversation
	for _, name := range names {
		c, err := read(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, c)
	}
	return all, nil
}

func read(name string) (Conversation, error) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		return Conversation{}, err
	}
	if len(archive.Files) != 3 || archive.Files[0].Name != "response" || archive.Files[1].Name != "caller" || archive.Files[2].Name != "answer" {
		return Conversation{}, errors.New("a conversation has the parts response, caller (lines locale: …, service: …, site: …) and answer")
	}
	c := Conversation{
		Name: strings.TrimSuffix(filepath.Base(name), ".txtar"), File: name, Comment: string(archive.Comment),
		Response: archive.Files[0].Data, Locale: "en", Answer: archive.Files[2].Data,
	}
	c.hear(archive.Files[1].Data)
	return c, c.receive()
}

// hear reads what the caller said.
func (c *Conversation) hear(caller []byte) {
	said := map[string]*string{"locale": &c.Locale, "service": &c.Service, "site": &c.Site}
	for line := range strings.Lines(string(caller)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if to := said[key]; to != nil {
			*to = value
		}
	}
}

// receive reads the response.
func (c *Conversation) receive() error {
	r, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(c.Response)), nil)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	c.Status, c.Headers = r.StatusCode, map[string]string{}
	for key := range r.Header {
		c.Headers[key] = r.Header.Get(key)
	}
	if c.Body, err = io.ReadAll(r.Body); errors.Is(err, io.ErrUnexpectedEOF) { // the response was cut, as its Content-Length shows
		return nil
	}
	return err
}
