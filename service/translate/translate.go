// Package translate turns a raw response of the CBC into a google.rpc.Status (AIP-193): a pure function of the
// response, the catalogue and a locale. It knows no socket, context, clock, log or environment.
//
//	t := translate.New(c, translate.DefaultItems)
//	answer := t.Translate(translate.Response{Response: raw}, "zh-CN")
//	// answer.Status.Code == 10 (ABORTED) and the details say why, in Chinese too
package translate

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

// Response is a response as it was received, and what the caller knows of where it came from.
type Response struct {
	envelope.Response
	Origin
}

// Origin is where a response came from, as far as the caller knows.
type Origin struct {
	Service string // "bss", "koogallery"
	Site    string // "cn", "intl", "eu"
}

// A Translator translates with one catalogue. It is safe for concurrent use.
type Translator struct {
	catalog   *catalog.Catalog
	maxItems  int
	oneAnswer map[string]*catalog.Entry // by code
	prepared  sync.Map                  // of preparedKey to *prepared
}

// DefaultItems is how many failed items an answer holds unless somebody says otherwise.
const DefaultItems = 1000

// New makes a translator whose answers hold a number of failed items at most.
func New(c *catalog.Catalog, maxItems int) *Translator {
	return &Translator{catalog: c, maxItems: maxItems, oneAnswer: oneAnswers(c)}
}

// Check finds what a catalogue says of places that the translator does not know: special cases that would never hold.
func Check(c *catalog.Catalog) error {
	for _, o := range c.Overlays() {
		if o.Shape != "" && !slices.Contains(envelope.Shapes(), o.Shape) {
			return fmt.Errorf("overlays.tsv: %.64q is no shape of a response; there are %s", o.Shape, strings.Join(envelope.Shapes(), ", "))
		}
	}
	return nil
}

// Translate says what a response means, in the locale of one of the catalogue's tags. It is total: whatever was
// received has a translation, and the same response always has the same one, byte for byte. Details may be shared with
// other translations: clone a translation before you change it.
func (t *Translator) Translate(r Response, locale string) *errorv1.Translation {
	return t.Answer(r, locale).Translation
}

// An Answer is a translation and the labels that it can be counted by. They have the names of the contract without their
// prefixes. An answer to a success has no reason and no match.
type Answer struct {
	*errorv1.Translation
	Status, Reason, Match string
	RawCode               string // as received, at most 64 bytes
}

// Answer translates as Translate does.
func (t *Translator) Answer(r Response, locale string) Answer {
	if a, ok := t.plain(r, locale); ok {
		return a
	}
	return t.ordinary(r, locale)
}

// ordinary answers any response. What plain does not decline it answers the same.
func (t *Translator) ordinary(r Response, locale string) Answer {
	read := t.read(envelope.Open(r.Response))
	if read.Status == statusOK {
		return Answer{Translation: &errorv1.Translation{Status: &statuspb.Status{}, Locale: locale}, Status: statusOK}
	}
	a := t.answer(read.meaning, read.Envelope, r.Origin, locale)
	items := t.items(a, read.failed, locale)
	s := a.fit()
	translation := &a.memory.translation
	translation.Status, translation.Locale, translation.Items = s, a.locale, items
	return Answer{translation, a.Status, a.Reason, matchName(a.match), a.cut("code", a.raw, maxCode)}
}

// failures are the items that did fail, one more of them than there is room for: a code that reports success does not.
func (t *Translator) failures(e envelope.Envelope) []envelope.Item {
	var list []envelope.Item
	for item := range e.Items() {
		item.Envelope = t.choose(item.Envelope)
		if t.succeeded(item) {
			continue
		}
		if list = append(list, item); len(list) > t.maxItems {
			break
		}
	}
	return list
}

// succeeded reports whether an item reports success, in a code of its own that no other value denies.
func (t *Translator) succeeded(item envelope.Item) bool {
	return !item.Shared && !item.Stubborn && item.Code != "" && t.find(item.Envelope, false).Status == statusOK
}

// items translates each failed part by the same rules as a whole response; the parts that there is no room for are
// left out, and the whole's status says so.
func (t *Translator) items(whole *answer, failed []envelope.Item, locale string) []*errorv1.FailedItem {
	var list []*errorv1.FailedItem
	size := 0
	for _, item := range failed {
		part := t.item(whole, item, locale)
		size += proto.Size(part)
		if len(list) == t.maxItems || size > maxItemsBytes {
			whole.cutOut("items")
			break
		}
		list = append(list, part)
	}
	return list
}

func (t *Translator) item(whole *answer, item envelope.Item, locale string) *errorv1.FailedItem {
	read := t.judge(item.Envelope, nil)
	a := t.answer(read.meaning, read.Envelope, whole.origin, locale)
	a.item = item
	id := a.cut("id", item.ID, maxID)
	return &errorv1.FailedItem{Id: id, Status: a.fit()}
}

// answer has a meaning said in both languages that a status has: the caller's, and English for developers.
func (t *Translator) answer(m meaning, e envelope.Envelope, origin Origin, locale string) *answer {
	return &answer{meaning: m, prepared: t.prepare(m, locale), envelope: e, origin: origin, limits: roomy}
}

// An Explanation tells how a response gets its meaning, for people who wonder.
type Explanation struct {
	Envelope   envelope.Envelope // what was read
	Code       string            // in its canonical spelling; empty where none counts
	Inferred   bool              // the code had lost its prefix
	Items      int               // failed parts, at most as many as an answer holds
	Ways       []Way             // in the order in which they are tried
	Conditions []Condition       // of the advice; none where the call succeeded
	Doubt      *Way              // what a success turned into when it was looked at twice; nil where it did not
}

// A Way is one way to find a meaning.
type Way struct {
	Name   string `json:"name"`
	Fits   bool   `json:"fits"`
	Chosen bool   `json:"chosen"` // the first that fits
	Code   string `json:"code"`   // whose meaning it gives; empty where it is no code's
	Reason string `json:"reason"`
	Match  string `json:"match"`
}

// A Condition is one of those that the advice of a row is given under, and whether it holds.
type Condition struct {
	Name  string `json:"name"`
	Holds bool   `json:"holds"`
}

// Explain tells how Translate finds the meaning of a response, and what every other way would have found.
func (t *Translator) Explain(r Response) Explanation {
	e := t.choose(envelope.Open(r.Response))
	read := t.judge(e, t.failures(e))
	m := t.received(e, len(read.failed) > 0)
	x := Explanation{Envelope: e, Code: m.code, Inferred: m.inferred, Items: min(len(read.failed), t.maxItems)}
	chosen := m
	for _, r := range precedence {
		candidate := m
		way := Way{Name: r.name}
		if way.Fits = r.fits(t, e, &candidate); way.Fits {
			way.tells(candidate)
			if way.Chosen = chosen.Entry == nil; way.Chosen {
				chosen = candidate
			}
		}
		x.Ways = append(x.Ways, way)
	}
	x.Doubt = t.doubted(e, chosen)
	if read.Status != statusOK {
		for _, c := range conditions {
			x.Conditions = append(x.Conditions, Condition{c.name, c.holds(&read)})
		}
	}
	return x
}

// doubted is what the second look at a success makes of it.
func (t *Translator) doubted(e envelope.Envelope, m meaning) *Way {
	before := m.Entry
	t.doubt(e, &m)
	if m.Entry == before {
		return nil
	}
	way := &Way{Name: "second look at a success", Fits: true, Chosen: true}
	way.tells(m)
	return way
}

func (w *Way) tells(m meaning) {
	w.Reason, w.Match = m.Reason, matchName(m.match)
	w.Code = m.Code
}
