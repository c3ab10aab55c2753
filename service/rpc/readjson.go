package rpc

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/go-json-experiment/json/jsontext"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// byteOrderMark is what some editors begin UTF-8 with.
const byteOrderMark = "\ufeff"

// ReadJSON reads the JSON of a REST request. The error names the place as the client wrote it: field "requests[1].locales".
// A request of a batch that cannot be read fails alone.
func (s *Service) ReadJSON(text []byte, m proto.Message) error {
	text = bytes.TrimPrefix(text, []byte(byteOrderMark))
	invalid := readJSON(text, m)
	if invalid == nil {
		return nil
	}
	if batch, ok := m.(*errorv1.BatchTranslateRequest); ok {
		if elements, ok := batchElements(text, s.limits.Batch); ok {
			readBatch(elements, batch)
			return nil
		}
		invalid.description += "; the batch is one document, so no request of it is translated"
	}
	if invalid.field == "" {
		return errors.New(invalid.description)
	}
	return fmt.Errorf("field %q: %s", invalid.field, invalid.description)
}

// readJSON is like protojson.Unmarshal. Its error has the path of the field, and a hint.
func readJSON(text []byte, m proto.Message) *fieldError {
	err := protojson.Unmarshal(text, m)
	if err == nil {
		return nil
	}
	invalid := locate(text, err)
	invalid.description += misplaced(invalid, m.ProtoReflect().Descriptor())
	return invalid
}

// protojsonError matches the place and the description in an error of protojson. What stands before them varies between
// builds.
var protojsonError = regexp.MustCompile(`\(line ([0-9]+):([0-9]+)\): (.*)`)

// locate returns the path and the description of an error of protojson. It reads the text a second time, because protojson
// neither names the path nor finds half a surrogate pair.
func locate(text []byte, err error) *fieldError {
	description, at := trimProtoPrefix(err), len(text)
	if parts := protojsonError.FindStringSubmatch(err.Error()); parts != nil {
		description, at = parts[3], offset(text, parts[1], parts[2])
	}
	d := jsontext.NewDecoder(bytes.NewReader(text))
	for d.InputOffset() <= int64(at) {
		_, err := d.ReadToken()
		if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
			return &fieldError{path(syntax.JSONPointer), syntaxDescription(text, syntax)}
		}
		if err != nil {
			return &fieldError{"", description}
		}
	}
	return &fieldError{path(d.StackPointer()), description}
}

// offset returns the offset of a line and a column, counted from 1 in characters, as protojson does.
func offset(text []byte, line, column string) (at int) {
	lines, _ := strconv.Atoi(line) // digits
	columns, _ := strconv.Atoi(column)
	for range lines - 1 {
		at += bytes.IndexByte(text[at:], '\n') + 1
	}
	for i := range string(text[at:]) {
		if columns--; columns == 0 {
			return at + i
		}
	}
	return len(text)
}

// syntaxDescription describes an error of package jsontext.
func syntaxDescription(text []byte, err *jsontext.SyntacticError) string {
	reason, place := fmt.Sprintf("%.100s", err.Err), fmt.Sprintf(" (byte %d)", err.ByteOffset)
	switch {
	case errors.Is(err.Err, jsontext.ErrDuplicateName):
		return fmt.Sprintf("the key %.64q occurs twice", err.JSONPointer.LastToken()) + place
	case strings.HasPrefix(reason, "invalid surrogate pair"):
		half := text[min(int(err.ByteOffset), len(text)):]
		return fmt.Sprintf("%s is half of a surrogate pair, and no character", half[:min(len(`\ud83d`), len(half))]) + place
	}
	return reason + place
}

// path returns a JSON pointer as a path of BadRequest: requests[1].response.headers[Retry-After].
func path(pointer jsontext.Pointer) string {
	var text strings.Builder
	for token := range pointer.Tokens() {
		switch {
		case strings.Trim(token, "0123456789") == "" || strings.Contains(token, "-"):
			text.WriteString("[" + token + "]")
		case text.Len() > 0:
			text.WriteString("." + token)
		default:
			text.WriteString(token)
		}
	}
	return text.String()
}

// misplaced returns a hint if the field of a request is unknown: it may be one of the response, or one of upstream's body.
func misplaced(e *fieldError, request protoreflect.MessageDescriptor) string {
	response := request.Fields().ByName("response")
	if response == nil || strings.Contains(e.field, ".") || !strings.HasPrefix(e.description, "unknown field") {
		return ""
	}
	fields := response.Message().Fields()
	if fields.ByJSONName(e.field) != nil || fields.ByTextName(e.field) != nil {
		return `; it belongs into "response"`
	}
	return "; to send upstream's body as it is, use /v1/responses:translateRaw?httpStatus=400"
}
