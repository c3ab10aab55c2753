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

// A Translator translates with one catalogue. It has no state and is safe for concurrent use.
type Translator struct {
	catalog   *catalog.Catalog
	maxItems  int
	templates templates
}

// DefaultItems is how many failed items an answer holds unless somebody says otherwise.
const DefaultItems = 1000

// New makes a translator whose answers hold a number of failed items at most.
func New(c *catalog.Catalog, maxItems int) *Translator {
	return &Translator{c, maxItems, newTemplates(c)}
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
	if a, ok := t.Plain(&r, locale); ok {
		return a.Translation()
	}
	return t.compose(r, locale)
}

// compose is the long way, which every response can go: the short one has to give the same answers.
func (t *Translator) compose(r Response, locale string) *errorv1.Translation {
	read := t.read(envelope.Open(r.Response))
	if read.Status == statusOK {
		return &errorv1.Translation{Status: &statuspb.Status{}, Locale: locale}
	}
	a := t.answer(read.meaning, read.Envelope, r.Origin, locale)
	items := t.items(a, read.failed, locale)
	return &errorv1.Translation{Status: a.fit(), Locale: a.locale, Items: items}
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
	a := &answer{meaning: m, envelope: e, origin: origin, limits: roomy}
	a.text, a.locale = t.catalog.Localize(m.key, locale)
	a.english, _ = t.catalog.Localize(m.key, catalog.DefaultLocale)
	return a
}
