package proxy

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"slices"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/decode"
	"github.com/go-json-experiment/json/jsontext"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/types/known/anypb"
)

// A field is a member of a JSON object.
type field struct{ name, value string }

// upstreamPrefix begins the names of what upstream sent and the rewritten body has no other place for.
const upstreamPrefix = "upstream_"

// errorFields returns the fields that a rewrite adds. SDKs ignore an error without a code, so that the reason stands in.
// Their exceptions keep only code and text, so that the text tells if the advice of the code is withdrawn.
func errorFields(e *cbcerr.Error) []field {
	message := e.Message
	if isWithdrawn(e) {
		message += " (" + string(cbcerr.RetryVerifyFirst) + ")"
	}
	return []field{
		{"error_code", cmp.Or(e.Code, string(e.Reason))},
		{"error_msg", message},
		{"error_reason", string(e.Reason)},
		{"error_retry", string(e.Retry)},
		{"error_outcome", string(e.Outcome)},
		{upstreamPrefix + "error_msg", e.Detail.GetUpstreamMessage()},
	}
}

// isWithdrawn reports whether an error does not have the advice of its code.
func isWithdrawn(e *cbcerr.Error) bool {
	return slices.ContainsFunc(e.Status.GetDetails(), func(detail *anypb.Any) bool {
		info := new(errdetails.ErrorInfo)
		return detail.MessageIs(info) && detail.UnmarshalTo(info) == nil && info.GetMetadata()["certain"] == "false"
	})
}

// raisedBody returns upstream's object with the fields of an error. It loses nothing: upstream's own values of these fields get
// the prefix upstream_, and a body that is not one object is a text in the field upstream_body. If its bytes are not
// those of a text, they are in upstream_body_base64.
func raisedBody(upstream []byte, contentType string, fields []field) []byte {
	text := bytes.TrimPrefix(decode.Text(upstream, contentType), []byte("\ufeff"))
	value := jsontext.Value(text)
	isObject := value.IsValid(verbatimOptions()...) && value.Kind() == '{'
	if !isObject && len(bytes.TrimSpace(text)) > 0 {
		fields = append(fields, field{upstreamPrefix + "body", string(text)})
	}
	if replacement := []byte("\ufffd"); bytes.Count(text, replacement) > bytes.Count(upstream, replacement) {
		fields = append(fields, field{upstreamPrefix + "body_base64", base64.StdEncoding.EncodeToString(upstream)})
	}
	if body, err := mergedObject(text, fields); err == nil {
		return body
	}
	body, _ := mergedObject([]byte("{}"), fields) // cannot fail
	return body
}

// verbatimOptions are the options for objects of upstream: they stay as they are.
func verbatimOptions() []jsontext.Options {
	return []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), jsontext.PreserveRawStrings(true)}
}

// mergedObject copies the object that a text begins with, and appends the fields.
func mergedObject(object []byte, fields []field) ([]byte, error) {
	var out bytes.Buffer
	to := jsontext.NewEncoder(&out, verbatimOptions()...)
	renamed, err := copyMembers(to, jsontext.NewDecoder(bytes.NewReader(object), verbatimOptions()...), fields)
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		if slices.Contains(renamed, f.name) {
			continue
		}
		if err := errors.Join(to.WriteToken(jsontext.String(f.name)), to.WriteToken(jsontext.String(f.value))); err != nil {
			return nil, err
		}
	}
	if err := to.WriteToken(jsontext.EndObject); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

// copyMembers copies an object up to its end, which it reads and does not write. It renames members with the names of fields,
// and returns the new names.
func copyMembers(to *jsontext.Encoder, in *jsontext.Decoder, fields []field) (renamed []string, err error) {
	begin, err := in.ReadToken()
	if err != nil || begin.Kind() != '{' {
		return nil, errors.Join(err, errors.New("not an object"))
	}
	if err := to.WriteToken(jsontext.BeginObject); err != nil {
		return nil, err
	}
	for in.PeekKind() == '"' {
		name, value, err := readMember(in)
		if err != nil {
			return nil, err
		}
		if old := unquoted(name); isReserved(fields, old) {
			if isRedundant(fields, old, value) {
				continue
			}
			renamed = append(renamed, upstreamPrefix+old)
			name, _ = jsontext.AppendQuote(nil, upstreamPrefix+old) // cannot fail: the name is UTF-8
		}
		if err := errors.Join(to.WriteValue(name), to.WriteValue(value)); err != nil {
			return nil, err
		}
	}
	_, err = in.ReadToken()
	return renamed, err
}

// readMember reads a member of an object.
func readMember(in *jsontext.Decoder) (name, value jsontext.Value, err error) {
	if name, err = in.ReadValue(); err != nil {
		return nil, nil, err
	}
	name = name.Clone() // valid until the next read only
	value, err = in.ReadValue()
	return name, value, err
}

// unquoted returns the text of a JSON string.
func unquoted(s jsontext.Value) string {
	text, _ := jsontext.AppendUnquote(nil, s) // the decoder accepted it
	return string(text)
}

// isReserved reports whether upstream's member of a name has to give way. So do the prefixed names that another sidecar wrote.
func isReserved(fields []field, name string) bool {
	return slices.ContainsFunc(fields, func(f field) bool { return f.name == name || upstreamPrefix+f.name == name })
}

// isRedundant reports whether a value is empty, or that of the field of its name.
func isRedundant(fields []field, name string, value jsontext.Value) bool {
	if value.Kind() != '"' {
		return value.Kind() == 'n'
	}
	text := unquoted(value)
	return text == "" || slices.Contains(fields, field{name, text})
}
