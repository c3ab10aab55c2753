package envelope

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// FuzzParse tests that any bytes have one description, in valid UTF-8 and bounded, that the body is not changed, and that
// a documented pair is read as encoding/json reads it.
func FuzzParse(f *testing.F) {
	for _, r := range goldens(f) {
		f.Add(r.HTTPStatus, r.Headers["Content-Type"], r.Body)
	}
	for _, body := range []string{
		"\ufeff{}", "{\"error_code\":\"\xff\"}", `{"error_code":"CBC.01`, "\xff\xfe{\x00}\x00", "\x00{\x00}", "{\"error_msg\":\"\xd3\xe0\\\"\"}",
		`"\"{\\\"code\\\":\\\"A.1\\\"}\""`, `{"a":{"error":[{"code":1e400}]},"details":[[[{"id":{}}]]]}`, "{\"error_msg\":\"\x01\n\\\n", `{"errorcode":["1",{"code":"A.1"}]}`,
		`{"error":"A.0000","details":[{"a":""}]}`, `{"error_code":"CBC.99006006r_ms","error_msg":"{\"error_code\":\"CBC.6999\"}"}`, `{"error_Code":"{\"errCode\":\"A.0000\""}`,
	} {
		f.Add(400, "text/plain; charset=gbk", []byte(body))
	}
	f.Fuzz(func(t *testing.T, status int, contentType string, body []byte) {
		r := Response{HTTPStatus: status, Headers: map[string]string{"Retry-After": "1", "Content-Type": contentType}, Body: body}
		kept := bytes.Clone(body)
		e := Parse(r)
		if once, again := describe(e), describe(Parse(r)); once != again {
			t.Fatalf("two descriptions of one response:\n%s\n%s", once, again)
		}
		if !bytes.Equal(kept, body) {
			t.Fatal("the body was changed")
		}
		for _, text := range texts(e) {
			if !utf8.ValidString(text) || len(text) > maxText {
				t.Fatalf("invalid UTF-8, or %d bytes: %q", len(text), text)
			}
		}
		comparePair(t, body, e)
	})
}

func texts(e Envelope) []string {
	all := []string{e.Code, e.Message, e.RequestID, e.Authorization, e.DomainID}
	for _, c := range e.Violations {
		all = append(all, c.Name)
	}
	for item := range e.Items() {
		all = append(append(all, item.ID), texts(item.Envelope)...)
	}
	return all
}

// comparePair compares an envelope with encoding/json, if the body is nothing but the documented pair in valid UTF-8.
func comparePair(t *testing.T, body []byte, e Envelope) {
	t.Helper()
	var pair struct {
		Code string `json:"error_code"`
		Msg  string `json:"error_msg"`
	}
	strict := json.NewDecoder(bytes.NewReader(body))
	strict.DisallowUnknownFields()
	if !utf8.Valid(body) || strict.Decode(&pair) != nil || strings.TrimSpace(pair.Code) == "" || len(pair.Code) > maxCode || len(pair.Msg) > maxText {
		return
	}
	if _, err := strict.Token(); !errors.Is(err, io.EOF) {
		return
	}
	if strings.HasPrefix(strings.TrimSpace(pair.Code), "{") || !isCode(pair.Code) && strings.Contains(pair.Msg, "{") { // JSON within a text, whose code counts
		return
	}
	if number := strings.Trim(pair.Code, "0123456789. ") == ""; e.Code == "" && (number || isSuccessWord(pair.Code)) {
		return // it repeats the HTTP status, or reports success
	}
	if e.Code != pair.Code || e.Message != pair.Msg {
		t.Fatalf("%q %q, encoding/json reads %q %q", e.Code, e.Message, pair.Code, pair.Msg)
	}
}

// TestParse_AgreesWithEncodingJSON tests that pairs of any texts, with keys in any case and order, are read alike.
func TestParse_AgreesWithEncodingJSON(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		members := []string{
			quote(anyCase(random, "error_code")) + ":" + quote("A"+anyText(random)), quote(anyCase(random, "error_msg")) + ": " + quote(anyText(random)),
		}
		random.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
		body := []byte("{" + strings.Join(members, " ,") + "}")
		comparePair(t, body, Parse(Response{HTTPStatus: 200 + random.IntN(300), Body: body}))
	}
}

func quote(text string) string {
	quoted, _ := json.Marshal(text) // cannot fail
	return string(quoted)
}

// anyCase writes each letter of a key as any of those that fold to it.
func anyCase(random *rand.Rand, key string) string {
	return strings.Map(func(r rune) rune {
		for range random.IntN(3) {
			r = unicode.SimpleFold(r)
		}
		return r
	}, key)
}

func anyText(random *rand.Rand) string {
	alphabet := []rune("aB1. \t\n\"\\/{}[]:,余𠀀\u00e9\u2028\ufeff\u0000<&")
	text := make([]rune, random.IntN(12))
	for i := range text {
		text[i] = alphabet[random.IntN(len(alphabet))]
	}
	return string(text)
}
