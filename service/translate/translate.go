// Package translate translates a raw response of the CBC to a google.rpc.Status (AIP-193) with localized details.
//
// A translation is a pure function of the response, the catalogue and a locale. Rules, tried in order, give the response a
// meaning: a status, a reason and retry advice. Advice that lets a client repeat the call is given only if the response is
// certain: it says that upstream refused the call with this code, and nothing else. Otherwise the advice is VERIFY_FIRST.
//
// Package envelope finds the error in a response, and package catalog knows what a code means.
//
//	t := translate.New(c, translate.DefaultItems)
//	result := t.Translate(translate.Response{Response: raw}, "zh-CN")
//	// result.StatusName == "ABORTED", and the details say why, in Chinese
package translate

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/transcript"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

// Response is a response as received, with its origin.
type Response struct {
	envelope.Response
	Origin
}

// Origin is where a response came from, as far as the caller knows.
type Origin struct {
	Service string // such as "bss" or "koogallery"; UTF-8 of at most MaxName bytes
	Site    string // "cn", "intl" or "eu"
}

// MaxName is the maximum size of the name of a service, in bytes.
const MaxName = 64

// A Translator translates responses with one catalogue. It is safe for concurrent use.
type Translator struct {
	catalog  *catalog.Catalog
	maxItems int
	pairRows map[string]*catalog.Entry // by code, see newPairRows
	prepared sync.Map                  // from preparedKey to *prepared
}

// DefaultItems is the default maximum number of failed items in a translation.
const DefaultItems = 1000

// New returns a Translator. Its translations contain at most maxItems failed items.
func New(c *catalog.Catalog, maxItems int) *Translator {
	return &Translator{catalog: c, maxItems: maxItems, pairRows: newPairRows(c)}
}

// CheckOverlays returns an error if an overlay of c requires a shape that package envelope does not know. Such an overlay
// would never apply.
func CheckOverlays(c *catalog.Catalog) error {
	for _, o := range c.Overlays() {
		if o.Shape != "" && !slices.Contains(envelope.Shapes(), o.Shape) {
			return fmt.Errorf("overlays.tsv: %.64q is no shape of a response; there are %s", o.Shape, strings.Join(envelope.Shapes(), ", "))
		}
	}
	return nil
}

// A Result is a translation and its labels for metrics. The labels are names of the contract without their prefixes.
// Reason and Match are empty if upstream succeeded.
type Result struct {
	*errorv1.Translation
	StatusName, Reason, Match string
	RawCode                   string // as received, at most 64 bytes
}

// Translate returns what a response means, in the locale of one of the catalogue's tags. It never fails. The same
// response always has the same translation, byte for byte. Translations may share details: clone one before changing it.
func (t *Translator) Translate(r Response, locale string) Result {
	if result, ok := t.translatePair(r, locale); ok {
		return result
	}
	return t.translate(r, locale)
}

// translate translates any response. For those of translatePair it returns the same.
func (t *Translator) translate(r Response, locale string) Result {
	m := t.meaning(envelope.Parse(transcript.Parse(r.Response)))
	if m.Status == statusOK {
		return Result{Translation: &errorv1.Translation{Status: &statuspb.Status{}, Locale: locale}, StatusName: statusOK}
	}
	b := t.newStatusBuilder(m, r.Origin, locale)
	items := t.items(b, m.failedItems, locale)
	s := b.shrinkToFit()
	translation := &b.memory.translation
	translation.Status, translation.Locale, translation.Items = s, b.locale, items
	return Result{translation, m.Status, m.Reason, matchName(m.match), b.truncate("code", m.raw, maxCode)}
}

// items translates each failed item. It drops the items beyond the limits and marks the whole status as truncated.
func (t *Translator) items(whole *statusBuilder, failed []envelope.Item, locale string) []*errorv1.FailedItem {
	var items []*errorv1.FailedItem
	size := 0
	for _, item := range failed {
		b := t.newStatusBuilder(t.classify(item.Envelope, nil), whole.origin, locale)
		b.itemID, b.itemKind = item.ID, item.Kind
		translated := &errorv1.FailedItem{Id: b.truncate("id", item.ID, maxID), Status: b.shrinkToFit()}
		size += proto.Size(translated)
		if len(items) == t.maxItems || size > maxItemsBytes {
			whole.markTruncated("items")
			break
		}
		items = append(items, translated)
	}
	return items
}
