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

// An example is a REST request and its response.
type example struct {
	name, summary     string
	request, response message
}

// A message is a request or a response: its first line, the headers to show, and the body.
type message struct {
	line   string
	header http.Header
	body   []byte
}

// readExamples returns all examples, in the order of their names. The comment of a file is the summary; its sections are
// request and response.
func readExamples() ([]example, error) {
	names, err := fs.Glob(exampleFiles, "examples/*.txtar")
	if err != nil {
		return nil, err
	}
	var all []example
	for _, name := range names {
		text, err := exampleFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		e, err := parseExample(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		e.name = strings.TrimSuffix(path.Base(name), ".txtar")
		all = append(all, e)
	}
	return all, nil
}

func parseExample(text []byte) (example, error) {
	archive := txtar.Parse(text)
	if len(archive.Files) != 2 || archive.Files[0].Name != "request" || archive.Files[1].Name != "response" {
		return example{}, errors.New("the sections must be request and response")
	}
	request, requestErr := parseMessage(archive.Files[0].Data)
	response, responseErr := parseMessage(archive.Files[1].Data)
	summary := strings.TrimSpace(string(archive.Comment))
	return example{summary: summary, request: request, response: response}, errors.Join(requestErr, responseErr)
}

func parseMessage(text []byte) (message, error) {
	reader := textproto.NewReader(bufio.NewReader(bytes.NewReader(text)))
	line, err := reader.ReadLine()
	if err != nil {
		return message{}, err
	}
	header, err := reader.ReadMIMEHeader()
	if err != nil {
		return message{}, fmt.Errorf("%s: headers must end with an empty line: %w", line, err)
	}
	body, err := io.ReadAll(reader.R)
	return message{line, http.Header(header), bytes.TrimSuffix(body, []byte("\n"))}, err
}

// methodAndTarget returns the method and the target of a request.
func (m message) methodAndTarget() (method, target string) {
	method, target, _ = strings.Cut(m.line, " ")
	return method, target
}

// status returns the HTTP status of a response, whose first line is like "200 OK".
func (m message) status() string {
	status, _, _ := strings.Cut(m.line, " ")
	return status
}

// exampleObject returns a message as an Example Object. The value is JSON if the body is JSON, else a string.
func (e example) exampleObject(m message) object {
	o := object{"summary": e.summary, "description": e.describeRequest(), "value": string(m.body)}
	if json.Valid(m.body) {
		o["value"] = json.RawMessage(m.body)
	}
	return o
}

// addExamples inserts each example into the operation of its request. It fails if the document has no such operation,
// status or content type.
func addExamples(document object) error {
	all, err := readExamples()
	if err != nil {
		return err
	}
	var errs error
	for _, e := range all {
		if err := e.insert(document); err != nil {
			errs = errors.Join(errs, fmt.Errorf("%s: %w", e.name, err))
		}
	}
	return errs
}

func (e example) insert(document object) error {
	operation, err := e.operation(document)
	if err != nil {
		return err
	}
	if len(e.request.body) > 0 {
		media := mediaType(descend(operation, "requestBody", "content"), e.request.header)
		if media == nil {
			return errors.New("the content type of the request is not in the document")
		}
		descend(media, "examples")[e.name] = e.exampleObject(e.request)
	}
	return e.insertResponse(document, operation)
}

func (e example) insertResponse(document, operation object) error {
	response, ok := descend(operation, "responses")[e.response.status()].(object)
	if !ok {
		return fmt.Errorf("the status %s of the response is not in the document", e.response.status())
	}
	if ref, ok := response["$ref"].(string); ok {
		response = descend(document, "components", "responses", path.Base(ref))
	}
	media := mediaType(descend(response, "content"), e.response.header)
	if media == nil {
		return errors.New("the content type of the response is not in the document")
	}
	descend(media, "examples")[e.name] = e.exampleObject(e.response)
	return nil
}

// operation returns the operation of the request. The last segment of the path may be the parameter code.
func (e example) operation(document object) (object, error) {
	method, target := e.request.methodAndTarget()
	address, err := url.Parse(target)
	if err != nil {
		return nil, err
	}
	paths := descend(document, "paths")
	item, ok := paths[address.Path].(object)
	if !ok {
		item, _ = paths[path.Dir(address.Path)+"/{code}"].(object)
	}
	operation, ok := item[strings.ToLower(method)].(object)
	if !ok {
		return nil, fmt.Errorf("%s is not in the document", e.request.line)
	}
	return operation, nil
}

// describeRequest returns the first line of the request and its Accept headers.
func (e example) describeRequest() string {
	var text strings.Builder
	fmt.Fprintf(&text, "`%s`", e.request.line)
	for _, name := range []string{"Accept", "Accept-Language"} {
		if value := e.request.header.Get(name); value != "" {
			fmt.Fprintf(&text, ", `%s: %s`", name, value)
		}
	}
	return text.String()
}

// mediaType returns the Media Type Object of a content type; nil if there is none.
func mediaType(content object, header http.Header) object {
	contentType := header.Get("Content-Type")
	if found, ok := content[contentType].(object); ok {
		return found
	}
	found, _ := content["*/*"].(object)
	return found
}
