package rpc

import (
	"bytes"
	"context"
	"strings"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/go-json-experiment/json/jsontext"
	"google.golang.org/protobuf/encoding/protowire"
)

// batchElements returns the requests of a batch's JSON. It reports false for anything but an object of at most limit requests.
func batchElements(text []byte, limit int) (elements []jsontext.Value, ok bool) {
	d := jsontext.NewDecoder(bytes.NewReader(text), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for _, want := range []string{"{", "requests", "["} {
		if token, err := d.ReadToken(); err != nil || token.String() != want {
			return nil, false
		}
	}
	for d.PeekKind() != ']' {
		element, err := d.ReadValue()
		if err != nil || len(elements) == limit {
			return nil, false
		}
		elements = append(elements, element.Clone())
	}
	for range 2 { // the closing brackets
		if token, err := d.ReadToken(); err != nil || token.Kind() != ']' && token.Kind() != '}' {
			return nil, false
		}
	}
	return elements, d.PeekKind() == 0
}

// readBatch reads each request of a batch by itself.
func readBatch(elements []jsontext.Value, batch *errorv1.BatchTranslateRequest) {
	batch.Requests = make([]*errorv1.TranslateRequest, len(elements))
	for i, element := range elements {
		batch.Requests[i] = new(errorv1.TranslateRequest)
		if err := readJSON(element, batch.Requests[i]); err != nil {
			batch.Requests[i] = new(errorv1.TranslateRequest)
			setUnreadable(batch.Requests[i], err)
		}
	}
}

// unreadableField is the number of an unknown field. It holds the error of a request of a batch that cannot be read.
const unreadableField = protowire.MaxValidNumber

// setUnreadable records why a request cannot be read.
func setUnreadable(r *errorv1.TranslateRequest, err *fieldError) {
	record := protowire.AppendTag(nil, unreadableField, protowire.BytesType)
	r.ProtoReflect().SetUnknown(protowire.AppendString(record, err.field+"\x00"+err.description))
}

// unreadable returns the recorded error of a request, nil if there is none. Over REST, ReadJSON alone sets unknown fields.
func unreadable(ctx context.Context, r *errorv1.TranslateRequest) error {
	unknown := r.ProtoReflect().GetUnknown()
	number, _, n := protowire.ConsumeTag(unknown)
	if restRequestOf(ctx) == nil || number != unreadableField || n < 0 {
		return nil
	}
	record, _ := protowire.ConsumeString(unknown[n:])
	field, description, _ := strings.Cut(record, "\x00")
	return &fieldError{field, description}
}
