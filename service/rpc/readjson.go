package rpc

import (
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/go-json-experiment/json/jsontext"
	"google.golang.org/protobuf/proto"
)

// ReadJSON reads the JSON of a usual request for one translation into a message, as protojson does, or declines: then the
// message is as it was, and nothing is said of the JSON. Usual is a field by its JSON name, once and not null, and raw in the
// standard base64.
func (s *Service) ReadJSON(text []byte, m proto.Message) bool {
	in := jsonReader{rest: string(text)}
	switch m := m.(type) {
	case *errorv1.TranslateRequest:
		in.request(&m.Response, &m.Locales)
	case *errorv1.RaiseRequest:
		in.request(&m.Response, &m.Locales)
	default:
		return false
	}
	if in.skip(); in.unusual || in.rest != "" {
		proto.Reset(m)
		return false
	}
	return true
}

// A jsonReader reads JSON from the front for as long as it is usual.
type jsonReader struct {
	rest    string
	unusual bool
}

// skip passes over blanks.
func (in *jsonReader) skip() {
	if in.rest != "" && in.rest[0] <= ' ' {
		in.rest = strings.TrimLeft(in.rest, " \t\r\n")
	}
}

// next passes over blanks and a character, if it is the next.
func (in *jsonReader) next(c byte) bool {
	in.skip()
	if in.rest == "" || in.rest[0] != c {
		return false
	}
	in.rest = in.rest[1:]
	return true
}

// want passes over blanks and a character that has to be there.
func (in *jsonReader) want(c byte) { in.unusual = !in.next(c) || in.unusual }

// each reads what stands between two brackets, apart by commas, each part with a function.
func (in *jsonReader) each(begin, end byte, read func()) {
	in.want(begin)
	if in.next(end) {
		return
	}
	for more := true; more && !in.unusual; more = in.next(',') {
		read()
	}
	in.want(end)
}

// object reads an object, the value of each member with a function that tells whether it knows the key and has not seen it.
func (in *jsonReader) object(member func(key string) bool) {
	in.each('{', '}', func() {
		key := in.text()
		in.want(':')
		if !in.unusual && !member(key) {
			in.unusual = true
		}
	})
}

// text reads a string.
func (in *jsonReader) text() string {
	in.want('"')
	escaped := false
	for i := 0; i < len(in.rest) && !in.unusual; i++ {
		switch c := in.rest[i]; {
		case c == '"':
			text := in.rest[:i]
			in.rest = in.rest[i+1:]
			return in.said(text, escaped)
		case c == '\\':
			escaped = true
			i++
		case c < ' ':
			in.unusual = true
		}
	}
	in.unusual = true
	return ""
}

// said is what a string says.
func (in *jsonReader) said(text string, escaped bool) string {
	if escaped {
		plain, err := jsontext.AppendUnquote(nil, `"`+text+`"`)
		in.unusual = in.unusual || err != nil
		return string(plain)
	}
	in.unusual = in.unusual || !utf8.ValidString(text)
	return text
}

func (in *jsonReader) request(response **errorv1.RawResponse, locales *[]string) {
	in.object(func(key string) bool {
		switch {
		case key == "response" && *response == nil:
			*response = new(errorv1.RawResponse)
			in.response(*response)
		case key == "locales" && *locales == nil:
			*locales = make([]string, 0, 1)
			in.each('[', ']', func() { *locales = append(*locales, in.text()) })
		default:
			return false
		}
		return true
	})
}

func (in *jsonReader) response(r *errorv1.RawResponse) {
	status := false
	in.object(func(key string) bool {
		switch {
		case key == "httpStatus" && !status:
			status = true
			r.HttpStatus = in.number()
		case key == "headers" && r.Headers == nil:
			r.Headers = map[string]string{}
			in.object(func(name string) bool { return in.header(r.GetHeaders(), name) })
		case key == "raw" && r.Body == nil:
			r.Body = &errorv1.RawResponse_Raw{Raw: in.base64()}
		case key == "text" && r.Body == nil:
			r.Body = &errorv1.RawResponse_Text{Text: in.text()}
		case key == "origin" && r.Origin == nil:
			r.Origin = new(errorv1.Origin)
			in.origin(r.GetOrigin())
		default:
			return false
		}
		return true
	})
}

func (in *jsonReader) header(all map[string]string, name string) (first bool) {
	_, again := all[name]
	all[name] = in.text()
	return !again
}

func (in *jsonReader) origin(o *errorv1.Origin) {
	fields := map[string]*string{"service": &o.Service, "site": &o.Site, "operation": &o.Operation}
	in.object(func(key string) bool {
		to, ok := fields[key]
		if ok {
			*to = in.text()
			delete(fields, key)
		}
		return ok
	})
}

// number reads a whole number of a few plain digits.
func (in *jsonReader) number() int32 {
	in.skip()
	digits := in.rest[:len(in.rest)-len(strings.TrimLeft(in.rest, "0123456789"))]
	n, err := strconv.ParseUint(digits, 10, 16)
	in.unusual = in.unusual || err != nil || len(digits) > 1 && digits[0] == '0'
	in.rest = in.rest[len(digits):]
	return int32(n)
}

// base64 reads bytes. The decoder passes over line breaks, about which protojson thinks otherwise.
func (in *jsonReader) base64() []byte {
	text := in.text()
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	in.unusual = in.unusual || err != nil || strings.ContainsAny(text, "\r\n")
	return raw
}
