package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/textproto"
	"net/url"
	"path"
	"strings"

	"golang.org/x/tools/txtar"
)

// A conversation is one example: what is asked over REST and what is answered.
type conversation struct {
	name, summary   string
	request, answer message
}

// A message is a request or an answer: its first line, the headers that matter, and the body.
type message struct {
	line   string
	header http.Header
	body   []byte
}

// conversations are all examples by their names. A file has a comment, which is the example's summary, and the parts
// request and response.
func conversations() ([]conversation, error) {
	names, err := fs.Glob(examples, "examples/*.txtar")
	if err != nil {
		return nil, err
	}
	var all []conversation
	for _, name := range names {
		text, err := examples.ReadFile(name)
		if err != nil {
			return nil, err
		}
		c, err := readConversation(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		c.name = strings.TrimSuffix(path.Base(name), ".txtar")
		all = append(all, c)
	}
	return all, nil
}

func readConversation(text []byte) (conversation, error) {
	archive := txtar.Parse(text)
	if len(archive.Files) != 2 || archive.Files[0].Name != "request" || archive.Files[1].Name != "response" {
		return conversation{}, errors.New("a conversation has the parts request and response")
	}
	request, wrong := readMessage(archive.Files[0].Data)
	answer, alsoWrong := readMessage(archive.Files[1].Data)
	summary := strings.TrimSpace(string(archive.Comment))
	return conversation{summary: summary, request: request, answer: answer}, errors.Join(wrong, alsoWrong)
}

func readMessage(text []byte) (message, error) {
	reader := textproto.NewReader(bufio.NewReader(bytes.NewReader(text)))
	line, err := reader.ReadLine()
	if err != nil {
		return message{}, err
	}
	header, err := reader.ReadMIMEHeader()
	if err != nil {
		return message{}, fmt.Errorf("%s: headers end with an empty line: %w", line, err)
	}
	body, err := io.ReadAll(reader.R)
	return message{line, http.Header(header), bytes.TrimSuffix(body, []byte("\n"))}, err
}

// asks is the method and the target of a request.
func (m message) asks() (method, target string) {
	method, target, _ = strings.Cut(m.line, " ")
	return method, target
}

// status is the HTTP status of an answer, whose line is like "200 OK".
func (m message) status() string {
	status, _, _ := strings.Cut(m.line, " ")
	return status
}

// example is a message as OpenAPI shows it: JSON as it is written, anything else as text.
func (c conversation) example(m message) object {
	e := object{"summary": c.summary, "value": string(m.body)}
	if json.Valid(m.body) {
		e["value"] = json.RawMessage(m.body)
	}
	return e
}

// addExamples puts each conversation where its request and its answer are in the document. One without a place there is
// an error: either is wrong.
func addExamples(document object) error {
	all, err := conversations()
	if err != nil {
		return err
	}
	var lost error
	for _, c := range all {
		if err := c.place(document); err != nil {
			lost = errors.Join(lost, fmt.Errorf("%s: %w", c.name, err))
		}
	}
	return lost
}

func (c conversation) place(document object) error {
	operation, err := c.operation(document)
	if err != nil {
		return err
	}
	if len(c.request.body) > 0 {
		media := mediaType(at(operation, "requestBody", "content"), c.request.header)
		if media == nil {
			return errors.New("the request's content type is not in the document")
		}
		example := c.example(c.request)
		example["description"] = c.asked()
		at(media, "examples")[c.name] = example
	}
	return c.placeAnswer(document, operation)
}

func (c conversation) placeAnswer(document, operation object) error {
	response, ok := at(operation, "responses")[c.answer.status()].(object)
	if !ok {
		return fmt.Errorf("the answer's status %s is not in the document", c.answer.status())
	}
	if ref, ok := response["$ref"].(string); ok {
		response = at(document, "components", "responses", path.Base(ref))
	}
	media := mediaType(at(response, "content"), c.answer.header)
	if media == nil {
		return errors.New("the answer's content type is not in the document")
	}
	example := c.example(c.answer)
	example["description"] = c.asked()
	at(media, "examples")[c.name] = example
	return nil
}

// operation is what the request asks for: its path is the document's, but for one variable at the end.
func (c conversation) operation(document object) (object, error) {
	method, target := c.request.asks()
	address, err := url.Parse(target)
	if err != nil {
		return nil, err
	}
	paths := at(document, "paths")
	item, ok := paths[address.Path].(object)
	if !ok {
		item, _ = paths[path.Dir(address.Path)+"/{code}"].(object)
	}
	operation, ok := item[strings.ToLower(method)].(object)
	if !ok {
		return nil, fmt.Errorf("%s is not in the document", c.request.line)
	}
	return operation, nil
}

// asked is the request's first line and what its headers say beyond the type of its body.
func (c conversation) asked() string {
	var text strings.Builder
	fmt.Fprintf(&text, "`%s`", c.request.line)
	for _, name := range []string{"Accept", "Accept-Language"} {
		if value := c.request.header.Get(name); value != "" {
			fmt.Fprintf(&text, ", `%s: %s`", name, value)
		}
	}
	return text.String()
}

// mediaType is what the document says of a content type; nil if nothing.
func mediaType(content object, header http.Header) object {
	kind := header.Get("Content-Type")
	if found, ok := content[kind].(object); ok {
		return found
	}
	found, _ := content["*/*"].(object)
	return found
}
