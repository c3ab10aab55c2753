package transcript

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"github.com/cbcerr/cbcerr/service/envelope"
)

// A harEntry is an entry of a HAR file (HTTP Archive 1.2), as browsers export it. A harFile is the file, or one entry of it.
type harEntry struct {
	Response *struct {
		Status  int
		Headers []struct{ Name, Value string }
		Content *struct{ Text, Encoding string }
	}
}

type harFile struct {
	Log struct{ Entries []harEntry }
	harEntry
}

// parseHAR reads a HAR file or one entry. Of several responses the last with an HTTP status of 4xx or 5xx counts, else the
// last.
func parseHAR(text []byte) (envelope.Response, bool) {
	var file harFile
	if !bytes.Contains(text, []byte(`"response"`)) || !bytes.Contains(text, []byte(`"content"`)) || json.Unmarshal(text, &file) != nil {
		return envelope.Response{}, false
	}
	entries := slices.DeleteFunc(append(file.Log.Entries, file.harEntry), func(e harEntry) bool {
		return e.Response == nil || e.Response.Content == nil || e.Response.Status < 100 || e.Response.Status > 599
	})
	if len(entries) == 0 {
		return envelope.Response{}, false
	}
	chosen := entries[len(entries)-1]
	for _, e := range slices.Backward(entries) {
		if e.Response.Status >= 400 {
			chosen = e
			break
		}
	}
	return chosen.toResponse(), true
}

// toResponse returns the response of an entry. Browsers have inflated and decoded its body.
func (e harEntry) toResponse() envelope.Response {
	r := envelope.Response{HTTPStatus: e.Response.Status, Headers: map[string]string{}, Body: []byte(e.Response.Content.Text), IsUTF8: true, Rewritten: true}
	for _, h := range e.Response.Headers {
		if envelope.ReadsHeader(h.Name) && !strings.EqualFold(h.Name, "Content-Encoding") {
			r.Headers[h.Name] = h.Value
		}
	}
	if e.Response.Content.Encoding != "base64" {
		return r
	}
	if body, err := base64.StdEncoding.DecodeString(e.Response.Content.Text); err == nil {
		r.Body, r.IsUTF8 = body, false
	}
	return r
}
