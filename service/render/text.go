package render

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"golang.org/x/text/language"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
)

// Translation writes a translation for people: code, reason and text first, then what to do.
func Translation(to io.Writer, t *errorv1.Translation, colour bool) error {
	s, w := t.GetStatus(), wordsOf(t.GetLocale())
	if s.GetCode() == int32(code.Code_OK) {
		_, err := fmt.Fprintln(to, w["succeeded"])
		return err
	}
	sheet := &Sheet{Colour: colour}
	f := factsOf(s)
	f.headline(sheet)
	sheet.Add("")
	f.lines(sheet, s)
	for _, item := range t.GetItems() {
		part := factsOf(item.GetStatus())
		sheet.Add("")
		sheet.Add(w["failedItem"], item.GetId())
		part.headline(sheet)
		part.lines(sheet, item.GetStatus())
	}
	_, err := sheet.WriteTo(to)
	return err
}

func (f facts) headline(sheet *Sheet) {
	sheet.Add(strings.TrimSpace(f.fact("code") + "  " + f.info.GetReason()))
	sheet.Add(f.localized.GetMessage())
}

// lines are what applies of an error, the most useful first.
func (f facts) lines(sheet *Sheet, s *statuspb.Status) {
	w := wordsOf(f.locale())
	sheet.Add(w["retry"], w.explained("retry", f.fact("retry")))
	if f.retry != nil {
		sheet.Add(w["wait"], f.retry.GetRetryDelay().AsDuration().String())
	}
	sheet.Add(w["outcome"], w.explained("outcome", f.fact("outcome")))
	sheet.Add(w["withdrawn"], w.withdrawn(f.fact("certain")))
	sheet.Add(w["retryAfter"], inSeconds(f.fact("retryAfter")))
	sheet.Add(w["permission"], f.fact("missingPermission"))
	sheet.Add(w["trySite"], w.site(f.fact("suggestedSite")))
	sheet.Add(w["account"], f.fact("domainId"))
	for _, v := range f.violations {
		sheet.Add(w["violation"], strings.TrimSpace(v.Type+" "+v.Name+" "+v.Subject))
	}
	sheet.Add(w["upstreamSaid"], f.fact("upstreamMessage"))
	sheet.Add(w["status"], fmt.Sprintf("%s (HTTP %d)", code.Code(s.GetCode()), HTTPStatus(s)))
	sheet.Add(w["upstreamHTTP"], f.fact("httpStatus"))
	sheet.Add(w["match"], w.explained("match", f.fact("match")))
	sheet.Add(w["outerCode"], f.fact("outerCode"))
	sheet.Add(w["service"], f.fact("service"))
	sheet.Add(w["request"], f.request.GetRequestId())
	sheet.Add(w["truncated"], f.fact("truncated"))
}

// inSeconds writes a number of seconds with its unit.
func inSeconds(number string) string {
	if number == "" {
		return ""
	}
	return number + " s"
}

// Entry writes what the catalogue knows of a code for people, in the language that they prefer.
func Entry(to io.Writer, e *errorv1.CatalogEntry, preferred []string, colour bool) error {
	sheet := &Sheet{Colour: colour}
	sheet.Add(e.GetCode() + "  " + e.GetReason())
	w := wordsOf("en")
	for i, text := range ordered(e.GetTexts(), preferred) {
		if i == 0 {
			w = wordsOf(text.GetLocale())
		}
		sheet.Add(text.GetMessage())
	}
	sheet.Add("")
	entryLines(sheet, w, e)
	_, err := sheet.WriteTo(to)
	return err
}

func entryLines(sheet *Sheet, w words, e *errorv1.CatalogEntry) {
	sheet.Add(w["retry"], w.explained("retry", e.GetRetry()))
	if e.GetWait() != nil {
		sheet.Add(w["wait"], e.GetWait().AsDuration().String())
	}
	sheet.Add(w["outcome"], w.explained("outcome", e.GetOutcome()))
	sheet.Add(w["status"], e.GetStatus())
	sheet.Add(w["upstreamHTTP"], w.documented(e))
	if e.GetNumber() != 0 {
		sheet.Add(w["number"], strconv.Itoa(int(e.GetNumber())))
	}
	w.addSource(sheet, e)
	sheet.Add(w["related"], strings.Join(e.GetRelatedCodes(), " "))
}

// ordered has the text in the preferred language first.
func ordered(texts []*errdetails.LocalizedMessage, preferred []string) []*errdetails.LocalizedMessage {
	var tags []language.Tag
	for _, text := range texts {
		tags = append(tags, language.Make(text.GetLocale()))
	}
	if len(tags) == 0 || len(preferred) == 0 {
		return texts
	}
	_, best := language.MatchStrings(language.NewMatcher(tags), preferred...)
	return slices.Concat(texts[best:best+1], texts[:best], texts[best+1:])
}

// Entries writes a line for each code, for people.
func Entries(w io.Writer, entries []*errorv1.CatalogEntry, colour bool) error {
	sheet := &Sheet{Colour: colour}
	for _, e := range entries {
		text := ""
		if len(e.GetTexts()) > 0 {
			first := e.GetTexts()[0]
			text = first.GetMessage() + wordsOf(first.GetLocale()).note(e, first.GetLocale())
		}
		sheet.Add(e.GetCode(), e.GetStatus(), e.GetRetry(), text)
	}
	_, err := sheet.WriteTo(w)
	return err
}
