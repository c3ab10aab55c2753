package transcript

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/cbcerr/cbcerr/service/envelope"
)

// A harEntry is an entry of a HAR file (HTTP Archive 1.2), as browsers export it. A harFile is the file, or one entry of it.
type harEntry struct {
	Response *struct {
		Status  int
		Headers []struct{ Name, Value string }
		Content *struct {
			Text, Encoding string
			Size           int
		}
	}
}

type harFile struct {
	Log struct{ Entries []harEntry }
	harEntry
}

// parseHAR reads a HAR file or one entry. Of several responses the last with an HTTP status of 4xx or 5xx counts, else the
// last that mentions a code of the CBC, else the last.
func parseHAR(text []byte) (envelope.Response, bool) {
	var file harFile
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !bytes.Contains(text, []byte(`"response"`)) || !bytes.Contains(text, []byte(`"content"`)) || json.Unmarshal(text, &file) != nil {
		return envelope.Response{}, false
	}
	entries := slices.DeleteFunc(append(file.Log.Entries, file.harEntry), func(e harEntry) bool {
		return e.Response == nil || e.Response.Content == nil || e.Response.Status < 100 || e.Response.Status > 599
	})
	if len(entries) == 0 {
		return envelope.Response{}, false
	}
	responses := make([]envelope.Response, len(entries))
	for i, e := range entries {
		responses[i] = e.toResponse()
	}
	for _, failed := range []func(envelope.Response) bool{
		func(r envelope.Response) bool { return r.HTTPStatus >= 400 },
		func(r envelope.Response) bool { return mentionsCBC.Match(r.Body) },
	} {
		for _, r := range slices.Backward(responses) {
			if failed(r) {
				return r, true
			}
		}
	}
	return responses[len(responses)-1], true
}

// toResponse returns the response of an entry. Browsers have inflated and decoded its body, and may have left it out.
func (e harEntry) toResponse() envelope.Response {
	r := envelope.Response{HTTPStatus: e.Response.Status, Headers: map[string]string{}, Body: []byte(e.Response.Content.Text), IsUTF8: true, Rewritten: true}
	for _, h := range e.Response.Headers {
		if envelope.ReadsHeader(h.Name) && !strings.EqualFold(h.Name, "Content-Encoding") {
			r.Headers[h.Name] = h.Value
		}
	}
	if e.Response.Content.Text == "" && e.Response.Content.Size > 0 {
		r.Headers["Content-Length"] = strconv.Itoa(e.Response.Content.Size)
	}
	if e.Response.Content.Encoding != "base64" {
		return r
	}
	if body, err := base64.StdEncoding.DecodeString(e.Response.Content.Text); err == nil {
		r.Body, r.IsUTF8 = body, false
	}
	return r
}
