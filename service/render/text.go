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
func Translation(w io.Writer, t *errorv1.Translation, colour bool) error {
	s := t.GetStatus()
	if s.GetCode() == int32(code.Code_OK) {
		_, err := fmt.Fprintln(w, wordsOf(t.GetLocale()).labels[labelSuccess])
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
		sheet.Add(f.words().labels[labelItem], item.GetId())
		part.headline(sheet)
		part.lines(sheet, item.GetStatus())
	}
	_, err := sheet.WriteTo(w)
	return err
}

func (f facts) words() words { return wordsOf(f.locale()) }

func (f facts) headline(sheet *Sheet) {
	sheet.Add(strings.TrimSpace(f.fact("code") + "  " + f.info.GetReason()))
	sheet.Add(f.localized.GetMessage())
}

// lines are what applies of an error, the most useful first.
func (f facts) lines(sheet *Sheet, s *statuspb.Status) {
	w := f.words()
	add := func(l label, value string) { sheet.Add(w.labels[l], value) }
	add(labelAdvice, explained(w.retry, f.fact("retry")))
	if f.retry != nil {
		add(labelWait, f.retry.GetRetryDelay().AsDuration().String())
	}
	add(labelOutcome, explained(w.outcome, f.fact("outcome")))
	add(labelPermission, f.fact("missingPermission"))
	add(labelSite, f.fact("suggestedSite"))
	add(labelAccount, f.fact("domainId"))
	for _, v := range f.violations {
		add(labelViolation, strings.TrimSpace(v.Type+" "+v.Name+" "+v.Subject))
	}
	add(labelUpstream, f.fact("upstreamMessage"))
	add(labelStatus, fmt.Sprintf("%s (HTTP %d)", code.Code(s.GetCode()), HTTPStatus(s)))
	add(labelHTTP, f.fact("httpStatus"))
	add(labelMatch, f.fact("match"))
	add(labelOuter, f.fact("outerCode"))
	add(labelService, f.fact("service"))
	add(labelRequest, f.request.GetRequestId())
	add(labelTruncated, f.fact("truncated"))
}

// explained is a name with what it means.
func explained(meanings map[string]string, name string) string {
	if meanings[name] == "" {
		return name
	}
	return meanings[name] + " (" + name + ")"
}

// Entry writes what the catalogue knows of a code for people, in the language that they prefer.
func Entry(w io.Writer, e *errorv1.CatalogEntry, preferred []string, colour bool) error {
	sheet := &Sheet{Colour: colour}
	sheet.Add(e.GetCode() + "  " + e.GetReason())
	words, source := english, englishSource
	for i, text := range ordered(e.GetTexts(), preferred) {
		if i == 0 {
			words, source = wordsOf(text.GetLocale()), sourceWordsOf(text.GetLocale())
		}
		sheet.Add(text.GetMessage())
	}
	sheet.Add("")
	add := func(l label, value string) { sheet.Add(words.labels[l], value) }
	add(labelAdvice, explained(words.retry, e.GetRetry()))
	if e.GetWait() != nil {
		add(labelWait, e.GetWait().AsDuration().String())
	}
	add(labelOutcome, explained(words.outcome, e.GetOutcome()))
	add(labelStatus, e.GetStatus())
	add(labelHTTP, source.httpStatus(e))
	if e.GetNumber() != 0 {
		add(labelNumber, strconv.Itoa(int(e.GetNumber())))
	}
	source.add(sheet, e)
	add(labelRelated, strings.Join(e.GetRelatedCodes(), " "))
	_, err := sheet.WriteTo(w)
	return err
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
			text = first.GetMessage() + sourceWordsOf(first.GetLocale()).note(e, first.GetLocale())
		}
		sheet.Add(e.GetCode(), e.GetStatus(), e.GetRetry(), text)
	}
	_, err := sheet.WriteTo(w)
	return err
}
