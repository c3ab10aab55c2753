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

// Translation writes a translation for people: code, reason and text, then what to do.
func Translation(to io.Writer, t *errorv1.Translation, colour bool) error {
	s, w := t.GetStatus(), messagesFor(t.GetLocale())
	if s.GetCode() == int32(code.Code_OK) {
		_, err := fmt.Fprintln(to, w["succeeded"])
		return err
	}
	table := &Table{Color: colour}
	f := detailsOf(s)
	f.headline(table)
	table.Add("")
	f.lines(table, s)
	for _, item := range t.GetItems() {
		part := detailsOf(item.GetStatus())
		table.Add("")
		table.Add(w["failedItem"], item.GetId())
		part.headline(table)
		part.lines(table, item.GetStatus())
	}
	_, err := table.WriteTo(to)
	return err
}

func (f details) headline(table *Table) {
	table.Add(strings.TrimSpace(f.metadata("code") + "  " + f.info.GetReason()))
	table.Add(f.localized.GetMessage())
}

// lines adds a row for each fact that applies, the most useful first.
func (f details) lines(table *Table, s *statuspb.Status) {
	w := messagesFor(f.locale())
	table.Add(w["retry"], withName(f.metadata("advice"), f.metadata("retry")))
	if f.retry != nil {
		table.Add(w["wait"], f.retry.GetRetryDelay().AsDuration().String())
	}
	table.Add(w["outcome"], w.explained("outcome", f.metadata("outcome")))
	table.Add(w["withdrawn"], w.withdrawn(f.metadata("certain")))
	table.Add(w["retryAfter"], inSeconds(f.metadata("retryAfter")))
	table.Add(w["permission"], f.metadata("missingPermission"))
	table.Add(w["trySite"], w.site(f.metadata("suggestedSite")))
	table.Add(w["account"], f.metadata("domainId"))
	for _, v := range f.violations {
		table.Add(w["violation"], strings.TrimSpace(v.Type+" "+v.Name+" "+v.Subject))
	}
	table.Add(w["upstreamMessage"], f.metadata("upstreamMessage"))
	table.Add(w["status"], fmt.Sprintf("%s (HTTP %d)", code.Code(s.GetCode()), HTTPStatus(s)))
	table.Add(w["upstreamHTTP"], f.metadata("httpStatus"))
	table.Add(w["match"], w.explained("match", f.metadata("match")))
	table.Add(w["outerCode"], f.metadata("outerCode"))
	table.Add(w["service"], f.metadata("service"))
	table.Add(w["request"], f.request.GetRequestId())
	table.Add(w["truncated"], f.metadata("truncated"))
}

// inSeconds returns a number of seconds with its unit.
func inSeconds(number string) string {
	if number == "" {
		return ""
	}
	return number + " s"
}

// Entry writes a catalogue entry for people, in the first of the preferred languages that it has.
func Entry(to io.Writer, e *errorv1.CatalogEntry, preferred []string, colour bool) error {
	table := &Table{Color: colour}
	table.Add(e.GetCode() + "  " + EnumName(e.GetReason()))
	w := messagesFor("en")
	for i, text := range ordered(e.GetTexts(), preferred) {
		if i == 0 {
			w = messagesFor(text.GetLocale())
		}
		table.Add(text.GetMessage())
	}
	table.Add("")
	entryLines(table, w, e, adviceOf(e, preferred))
	_, err := table.WriteTo(to)
	return err
}

// adviceOf returns what an entry says to do, in the first of the preferred languages that it has.
func adviceOf(e *errorv1.CatalogEntry, preferred []string) string {
	if len(e.GetAdvice()) == 0 {
		return ""
	}
	return ordered(e.GetAdvice(), preferred)[0].GetMessage()
}

func entryLines(table *Table, w messages, e *errorv1.CatalogEntry, advice string) {
	table.Add(w["retry"], withName(advice, EnumName(e.GetRetry())))
	if e.GetWait() != nil {
		table.Add(w["wait"], e.GetWait().AsDuration().String())
	}
	table.Add(w["outcome"], w.explained("outcome", EnumName(e.GetOutcome())))
	table.Add(w["status"], e.GetStatus().String())
	table.Add(w["upstreamHTTP"], w.documented(e))
	if e.GetNumber() != 0 {
		table.Add(w["number"], strconv.Itoa(int(e.GetNumber())))
	}
	w.addSource(table, e)
	table.Add(w["related"], strings.Join(e.GetRelatedCodes(), " "))
}

// ordered returns the texts with that in the preferred language first.
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

// Entries writes a line for each catalogue entry, for people.
func Entries(w io.Writer, entries []*errorv1.CatalogEntry, colour bool) error {
	table := &Table{Color: colour}
	for _, e := range entries {
		text := ""
		if len(e.GetTexts()) > 0 {
			first := e.GetTexts()[0]
			text = first.GetMessage() + messagesFor(first.GetLocale()).note(e, first.GetLocale())
		}
		table.Add(e.GetCode(), e.GetStatus().String(), EnumName(e.GetRetry()), text)
	}
	_, err := table.WriteTo(w)
	return err
}
