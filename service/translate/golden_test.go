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

var update = flag.Bool("update", false, "rewrite the expected translations of the golden cases")

// TestTranslate_Golden tests each testdata/*.txtar. A person checked each expected translation against the rules.
func TestTranslate_Golden(t *testing.T) {
	for _, c := range goldens(t) {
		t.Run(c.Name, func(t *testing.T) {
			got := newTranslator(t).Translate(response(c), c.Locale).Translation
			if *update {
				rewrite(t, c, got)
				return
			}
			if diff := cmp.Diff(c.Want, got, protocmp.Transform()); diff != "" {
				t.Errorf("%s (-want +got)\n%s", c.Comment, diff)
			}
			if err := golden.CheckInvariants(got); err != nil {
				t.Error(err)
			}
		})
	}
}

// rewrite replaces the expected translation of a case.
func rewrite(t *testing.T, c golden.Case, translation *errorv1.Translation) {
	t.Helper()
	archive, err := txtar.ParseFile(c.File)
	if err != nil {
		t.Fatal(err)
	}
	archive.Files[len(archive.Files)-1].Data = indented(t, translation)
	if err := os.WriteFile(c.File, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// goldens returns all golden cases.
func goldens(tb testing.TB) []golden.Case {
	tb.Helper()
	all, err := golden.Read("testdata")
	if err != nil {
		tb.Fatal(err)
	}
	return all
}

func response(c golden.Case) translate.Response {
	raw := envelope.Response{HTTPStatus: c.Status, Headers: c.Headers, Body: c.Body}
	return translate.Response{Response: raw, Origin: translate.Origin{Service: c.Service, Site: c.Site}}
}

// TestTranslate_Deterministic tests that a hundred translations of each golden case are equal, byte for byte.
func TestTranslate_Deterministic(t *testing.T) {
	translator := newTranslator(t)
	for _, c := range goldens(t) {
		first := wire(t, translator.Translate(response(c), c.Locale).Translation)
		for range 99 {
			if !bytes.Equal(first, wire(t, translator.Translate(response(c), c.Locale).Translation)) {
				t.Fatalf("%s: two translations", c.Name)
			}
		}
	}
}

// TestTranslate_Concurrent tests that concurrent translations do not share memory that they write.
func TestTranslate_Concurrent(t *testing.T) {
	translator, all, want := newTranslator(t), goldens(t), map[string][]byte{}
	for _, c := range all {
		want[c.Name] = wire(t, translator.Translate(response(c), c.Locale).Translation)
	}
	var calls sync.WaitGroup
	for range 8 {
		calls.Go(func() {
			for _, c := range all {
				got, err := proto.MarshalOptions{Deterministic: true}.Marshal(translator.Translate(response(c), c.Locale).Translation)
				if err != nil || !bytes.Equal(got, want[c.Name]) {
					t.Errorf("%s: another translation (%v)", c.Name, err)
				}
			}
		})
	}
	calls.Wait()
}

// wire returns the bytes of a translation.
func wire(t *testing.T, translation *errorv1.Translation) []byte {
	t.Helper()
	sent, err := proto.MarshalOptions{Deterministic: true}.Marshal(translation)
	if err != nil {
		t.Fatal(err)
	}
	return sent
}

// indented returns JSON that is the same every time, unlike that of protojson.
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
