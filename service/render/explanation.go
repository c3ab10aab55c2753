package render

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cbcerr/cbcerr/service/translate"
)

// Explanation writes for people why a response has its meaning, in the language of a locale.
func Explanation(to io.Writer, x translate.Explanation, locale string, colour bool) error {
	w := messagesFor(locale)
	for _, add := range []func(messages, translate.Explanation, *Table){messages.addReading, messages.addRules, messages.addConditions} {
		table := &Table{Color: colour}
		add(w, x, table)
		if _, err := table.WriteTo(to); err != nil {
			return err
		}
	}
	return nil
}

// maxExcerpt is the maximum length of a message in an explanation, in characters.
const maxExcerpt = 256

// addReading adds what was read from the response.
func (w messages) addReading(x translate.Explanation, table *Table) {
	status := w["statusFrom."+x.StatusFrom]
	if x.HTTPStatus != 0 {
		status = strconv.Itoa(x.HTTPStatus) + " (" + status + ")"
	}
	table.Add(w["httpStatus"], status)
	for _, name := range slices.Sorted(maps.Keys(x.Headers)) {
		table.Add(w["header"], name+": "+x.Headers[name])
	}
	table.Add(w["body"], w["form."+x.Body])
	table.Add(w["shape"], cmp.Or(x.Shape, w["none"]))
	table.Add(w["code"], cmp.Or(w.codeRead(x), w["none"]))
	table.Add(w["place"], w.placeOf(x.Place))
	for _, other := range x.Others {
		table.Add(w["alsoSeen"], strings.TrimSpace(other.Code+"  "+w.placeOf(other.Place)))
	}
	table.Add(w["message"], cmp.Or(fmt.Sprintf("%.*s", maxExcerpt, x.Message), w["none"]))
	table.Add(w["failedItems"], strconv.Itoa(x.Items))
}

// codeRead returns a code as received, and how it was read.
func (w messages) codeRead(x translate.Explanation) string {
	switch x.Code {
	case x.RawCode:
		return x.RawCode
	case "":
		return x.RawCode + " (" + w["asData"] + ")"
	}
	return x.RawCode + " → " + x.Code
}

func (w messages) placeOf(p translate.Place) string {
	if !p.InText {
		return p.Path
	}
	return strings.TrimSpace(p.Path + "  " + w["inText"])
}

// addRules adds the result of each rule.
func (w messages) addRules(x translate.Explanation, table *Table) {
	table.Add("")
	for _, r := range x.Rules {
		verdict := w["ruleFails"]
		switch {
		case r.Chosen:
			verdict = w["ruleApplies"]
		case r.Fits:
			verdict = w["ruleFits"]
		}
		table.Add(cmp.Or(w["rule."+r.Name], r.Name), verdict, strings.Join(strings.Fields(r.Code+" "+r.Reason+" "+r.Match), " "))
	}
}

// addConditions adds the conditions of a certain meaning.
func (w messages) addConditions(x translate.Explanation, table *Table) {
	if len(x.Conditions) > 0 {
		table.Add("")
	}
	for _, c := range x.Conditions {
		verdict := "fails"
		if c.Holds {
			verdict = "holds"
		}
		table.Add(c.Name, w["condition."+verdict], cmp.Or(w["certainty."+c.Name+"."+verdict], c.Name))
	}
}
