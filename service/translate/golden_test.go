package translate_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
)

var update = flag.Bool("update", false, "rewrite the answers of the golden conversations")

// TestConversations holds each testdata/*.txtar: a response and what the caller said, and the answer, which was read
// by a person against the rules before it was committed.
func TestConversations(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { converse(t, name) })
	}
}

func converse(t *testing.T, name string) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]*txtar.File{}
	for i, file := range archive.Files {
		parts[file.Name] = &archive.Files[i]
	}
	if parts["response"] == nil || parts["caller"] == nil || parts["answer"] == nil {
		t.Fatal("a conversation has the parts response, caller (lines locale: …, service: …, site: …) and answer")
	}
	response, locale := readConversation(t, parts["response"].Data, parts["caller"].Data)
	got := newTranslator(t).Translate(response, locale)
	if *update {
		parts["answer"].Data = indented(t, got)
		if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := &errorv1.Translation{}
	if err := protojson.Unmarshal(parts["answer"].Data, want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("%s (-want +got)\n%s", archive.Comment, diff)
	}
}

// TestSameAnswerEveryTime: a hundred answers to each conversation's response are the same, byte for byte.
func TestSameAnswerEveryTime(t *testing.T) {
	translator := newTranslator(t)
	for name, c := range conversations(t) {
		first := wire(t, translator.Translate(c.response, c.locale))
		for range 99 {
			if !bytes.Equal(first, wire(t, translator.Translate(c.response, c.locale))) {
				t.Fatalf("%s: two answers", name)
			}
		}
	}
}

// A conversation is what is asked in one.
type conversation struct {
	response translate.Response
	locale   string
}

// conversations are all of them, by their names.
func conversations(t *testing.T) map[string]conversation {
	t.Helper()
	names, _ := filepath.Glob("testdata/*.txtar")
	all := map[string]conversation{}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		response, locale := readConversation(t, archive.Files[0].Data, archive.Files[1].Data)
		all[strings.TrimSuffix(filepath.Base(name), ".txtar")] = conversation{response, locale}
	}
	return all
}

// wire is an answer as it is sent.
func wire(t *testing.T, answer *errorv1.Translation) []byte {
	t.Helper()
	sent, err := proto.MarshalOptions{Deterministic: true}.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	return sent
}

// readConversation reads a response as it is on the wire, and the lines "key: value" of the caller.
func readConversation(t *testing.T, wire, caller []byte) (translate.Response, string) {
	t.Helper()
	r, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(wire)), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	headers := map[string]string{}
	for key := range r.Header {
		headers[key] = r.Header.Get(key)
	}
	said := map[string]string{"locale": catalog.DefaultLocale}
	for line := range strings.Lines(string(caller)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		said[key] = value
	}
	raw := envelope.Response{HTTPStatus: r.StatusCode, Headers: headers, Body: body}
	return translate.Response{Response: raw, Origin: translate.Origin{Service: said["service"], Site: said["site"]}}, said["locale"]
}

// indented is an answer as JSON that is the same every time; protojson's own is not.
func indented(t *testing.T, m *errorv1.Translation) []byte {
	t.Helper()
	text, err := protojson.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		t.Fatal(err)
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// newTranslator is a translator with the embedded catalogue, which is read once for all tests.
func newTranslator(tb testing.TB) *translate.Translator {
	tb.Helper()
	c, err := embedded()
	if err != nil {
		tb.Fatal(err)
	}
	return translate.New(c, translate.DefaultItems)
}

var embedded = sync.OnceValues(func() (*catalog.Catalog, error) { return catalog.Embedded() })
