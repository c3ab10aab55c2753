package translate_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"sync"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
)

var update = flag.Bool("update", false, "rewrite the answers of the golden conversations")

// TestTranslate_Conversations tests each testdata/*.txtar: a response with its request, and the translation, which a person
// checked against the rules before it was committed.
func TestTranslate_Conversations(t *testing.T) {
	all, err := golden.Read("testdata")
	if err != nil || len(all) == 0 {
		t.Fatal(len(all), err)
	}
	for _, c := range all {
		t.Run(c.Name, func(t *testing.T) { converse(t, c) })
	}
}

func converse(t *testing.T, c golden.Conversation) {
	got := newTranslator(t).Translate(response(c), c.Locale).Translation
	if *update {
		rewrite(t, c, got)
		return
	}
	want := &errorv1.Translation{}
	if err := protojson.Unmarshal(c.Answer, want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("%s (-want +got)\n%s", c.Comment, diff)
	}
}

// rewrite makes an answer the conversation's.
func rewrite(t *testing.T, c golden.Conversation, answer *errorv1.Translation) {
	t.Helper()
	archive, err := txtar.ParseFile(c.File)
	if err != nil {
		t.Fatal(err)
	}
	archive.Files[len(archive.Files)-1].Data = indented(t, answer)
	if err := os.WriteFile(c.File, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

func response(c golden.Conversation) translate.Response {
	raw := envelope.Response{HTTPStatus: c.Status, Headers: c.Headers, Body: c.Body}
	return translate.Response{Response: raw, Origin: translate.Origin{Service: c.Service, Site: c.Site}}
}

// TestTranslate_Deterministic: a hundred answers to each conversation's response are the same, byte for byte.
func TestTranslate_Deterministic(t *testing.T) {
	translator := newTranslator(t)
	for name, c := range conversations(t) {
		first := wire(t, translator.Translate(c.response, c.locale).Translation)
		for range 99 {
			if !bytes.Equal(first, wire(t, translator.Translate(c.response, c.locale).Translation)) {
				t.Fatalf("%s: two answers", name)
			}
		}
	}
}

// TestTranslate_Concurrent: calls at the same time have the answers of calls one by one, although they use memory again.
func TestTranslate_Concurrent(t *testing.T) {
	translator, all, want := newTranslator(t), conversations(t), map[string][]byte{}
	for name, c := range all {
		want[name] = wire(t, translator.Translate(c.response, c.locale).Translation)
	}
	var calls sync.WaitGroup
	for range 8 {
		calls.Go(func() {
			for name, c := range all {
				got, err := proto.MarshalOptions{Deterministic: true}.Marshal(translator.Translate(c.response, c.locale).Translation)
				if err != nil || !bytes.Equal(got, want[name]) {
					t.Errorf("%s: another answer (%v)", name, err)
				}
			}
		})
	}
	calls.Wait()
}

// A conversation is what is asked in one.
type conversation struct {
	response translate.Response
	locale   string
}

// conversations are all of them, by their names.
func conversations(t *testing.T) map[string]conversation {
	t.Helper()
	list, err := golden.Read("testdata")
	if err != nil || len(list) == 0 {
		t.Fatal(len(list), err)
	}
	all := map[string]conversation{}
	for _, c := range list {
		all[c.Name] = conversation{response(c), c.Locale}
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
