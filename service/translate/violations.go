package translate

import (
	"slices"
	"strings"
)

// names is what the row says of one kind of detail.
func (a *answer) names(kind string) []string {
	for _, d := range a.Details {
		if d.Kind == kind {
			return d.Names
		}
	}
	return nil
}

// complaints are the names that the response complains about in one kind of detail. Those of no certain kind go to
// the fields where the row has any.
func (a *answer) complaints(kind string) []string {
	var names []string
	for _, c := range a.envelope.Complaints {
		if c.Detail == kind || c.Detail == "" && (kind == "field" || a.names("field") == nil) {
			names = append(names, c.Name)
		}
	}
	return names
}

// subjects has one violation for each name that the response complains about; else one, about the part that the
// status is about where its kind is certain.
func (a *answer) subjects(types []string, kind string) []string {
	if theirs := a.complaints(kind); theirs != nil {
		return a.some(theirs)
	}
	if strings.HasPrefix(types[0], strings.ToUpper(a.item.Kind)+"_") {
		return a.some([]string{a.item.ID})
	}
	return []string{""}
}

// some is as many names as there is room for.
func (a *answer) some(names []string) []string {
	if len(names) > a.limits.violations {
		a.cutOut("violations")
		names = names[:a.limits.violations]
	}
	short := make([]string, len(names))
	for i, name := range names {
		short[i] = a.cut("violations", name, maxID)
	}
	return short
}

// faults are the words that complaints about a field begin with, as Java's bean validation writes them.
var faults = []string{"must ", "may not ", "size must ", "length must ", "不能", "必须"}

// blamed finds the fields in a message such as "id: must not be null, region: must not be null".
func blamed(message string) []string {
	var fields []string
	parts := 0
	for part := range strings.FieldsFuncSeq(message, func(r rune) bool { return r == ',' || r == ';' }) {
		field, fault, ok := strings.Cut(part, ":")
		field, fault = strings.TrimSpace(field), strings.TrimSpace(fault)
		starts := func(words string) bool { return strings.HasPrefix(fault, words) }
		if parts++; parts > 4*roomy.violations {
			break // more than there is room for
		}
		if ok && field != "" && !strings.ContainsAny(field, " \t\n") && slices.ContainsFunc(faults, starts) {
			fields = append(fields, field)
		}
	}
	return fields
}
