package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/anypb"
)

// TestMain lets the test's own program be the servers, as the program is its own.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == serveCommand {
		exit(serve(os.Args[2], os.Stdin, os.Stdout))
		return
	}
	os.Exit(m.Run())
}

func embedded(t *testing.T) (*catalog.Catalog, questions) {
	t.Helper()
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return c, realistic(c)
}

func fleetOf(t *testing.T, q questions) (fleet, answers) {
	t.Helper()
	f, s, err := startFleet(q)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.stop)
	return f, s.Answers
}

// TestServers: the constant servers answer what cbcerr answered, byte for byte, in the clear and over TLS; the naive one says
// the same; and every load runs, without an error, at each server that it compares.
func TestServers(t *testing.T) {
	_, q := embedded(t)
	f, want := fleetOf(t, q)
	t.Run("answers", func(t *testing.T) { want.check(t, q) })
	for _, name := range []string{"cbcerr-tls", "cbcerr-bare", "null", "null-tls", "static", "static-tls"} {
		t.Run(name, func(t *testing.T) {
			got, err := capture(f[name].endpoint, q)
			if err != nil {
				t.Fatal(err)
			}
			got.fill(f[name].endpoint, want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("naive", func(t *testing.T) { sameDetails(t, f, q) })
	for _, l := range loads {
		t.Run(l.name, func(t *testing.T) {
			rounds, err := f.compare(l, q, &options{again: repeats{clock: ticksNow}, rounds: 1, time: 5 * time.Millisecond, warm: time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			if c := summarize(l, rounds); len(c.Servers) != len(l.servers) || c.Servers[1].Ratio != (figure{1, 1, 1}) || c.Servers[0].Rate.Low <= 0 {
				t.Errorf("%+v", c)
			}
		})
	}
}

// check holds the captured answers to what they are answers to.
func (a answers) check(t *testing.T, q questions) {
	t.Helper()
	one, all := new(errorv1.TranslateResponse), new(errorv1.BatchTranslateResponse)
	for raw, m := range map[*[]byte]proto.Message{&a.Translate: one, &a.Batch: all} {
		if err := proto.Unmarshal(*raw, m); err != nil {
			t.Fatal(err)
		}
	}
	if err := translated(one.GetTranslation(), nil); err != nil || one.GetTranslation().GetLocale() != locale {
		t.Errorf("%v: %v", err, one)
	}
	if len(all.GetResults()) != batchSize || len(q) < 24 {
		t.Errorf("%d results, %d questions", len(all.GetResults()), len(q))
	}
	for path, p := range a.Pages {
		if !bytes.Contains(p.Body, []byte(`"locale":"zh-CN"`)) || p.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %v: %s", path, p.Header, p.Body)
		}
	}
}

// fill takes what a server has no surface for from what is wanted.
func (a *answers) fill(e endpoint, want answers) {
	if e.REST == "" {
		a.Pages = want.Pages
	}
	if e.GRPC == "" {
		want.Pages = a.Pages
		*a = want
	}
}

// sameDetails compares what the naive server says with what cbcerr says; some rows have details that it leaves out, and
// their order is its own.
func sameDetails(t *testing.T, f fleet, q questions) {
	ask := func(name string, r *errorv1.TranslateRequest) *errorv1.Translation {
		conns, err := dial(f[name].endpoint, 1)
		if err != nil {
			t.Fatal(err)
		}
		defer conns.close()
		reply, err := errorv1.NewTranslationServiceClient(conns[0]).Translate(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		return reply.GetTranslation()
	}
	for _, r := range q {
		want, got := ask("cbcerr", r), ask("naive", r)
		if got.GetLocale() != want.GetLocale() || got.GetStatus().GetCode() != want.GetStatus().GetCode() || got.GetStatus().GetMessage() != want.GetStatus().GetMessage() {
			t.Errorf("%v, want %v", got, want)
		}
		for _, detail := range got.GetStatus().GetDetails() {
			if !slices.ContainsFunc(want.GetStatus().GetDetails(), func(other *anypb.Any) bool { return same(t, detail, other) }) {
				t.Errorf("cbcerr does not say %v of %s", detail, r.GetResponse().GetRaw())
			}
		}
	}
}

// same compares messages, since the bytes of a map come in any order.
func same(t *testing.T, packed, other *anypb.Any) bool {
	t.Helper()
	a, err := packed.UnmarshalNew()
	if err != nil {
		t.Fatal(err)
	}
	b, err := other.UnmarshalNew()
	if err != nil {
		t.Fatal(err)
	}
	return cmp.Equal(a, b, protocmp.Transform())
}

// TestSynthetic: a synthetic catalogue has what it should have, and says the same as the real one of its codes.
func TestSynthetic(t *testing.T) {
	actual, _ := embedded(t)
	c, err := catalog.Load(synthetic(actual, 500, 50))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Entries()) != 500 || len(c.Locales()) != 50 {
		t.Errorf("%d codes, %d locales", len(c.Entries()), len(c.Locales()))
	}
	for _, e := range actual.Entries() {
		own, _ := c.Lookup(e.Code)
		ignored := cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Related" }, cmp.Ignore())
		if diff := cmp.Diff(e, own, ignored); diff != "" {
			t.Error(diff)
		}
	}
}

// TestQuestions: they are of the sizes that are asked for.
func TestQuestions(t *testing.T) {
	_, q := embedded(t)
	if size := q.meanSize(); size < 180 || size > 240 {
		t.Errorf("%d bytes", size)
	}
	for _, size := range []int{100, 1 << 10, 64 << 10} {
		if got := len(bodyOf(size)[0].GetResponse().GetRaw()); got != size {
			t.Errorf("a body of %d bytes, want %d", got, size)
		}
	}
	for _, n := range []int{1, 10} {
		c, _ := embedded(t)
		if got := len(translate.New(c, translate.DefaultItems).Translate(failing(n).responses()[0], locale).GetItems()); got != n {
			t.Errorf("%d failed items, want %d", got, n)
		}
	}
	if got := fmt.Sprint(len(q.cycled(1000)), len(q.cycled(1000).batch().GetRequests()), len(q.stream()), len(q.raise())); got != fmt.Sprint(1000, 1000, len(q), len(q)) {
		t.Error(got)
	}
}
