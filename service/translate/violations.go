package translate

import (
	"slices"
	"strings"
)

// reported returns the response's violations of a kind of detail. Those without a kind are fields if the row has any.
func (b *statusBuilder) reported(kind string) []string {
	var names []string
	for _, c := range b.envelope.Violations {
		if c.Detail == kind || c.Detail == "" && (kind == "field" || b.Names("field") == nil) {
			names = append(names, c.Name)
		}
	}
	return names
}

// violations returns the fields of a BadRequest, or the subjects of another kind of detail: those that the response
// reports, else the row's fields, else the item if the row's name begins with its kind, else one without a name.
func (b *statusBuilder) violations(kind string) []string {
	names, reported := b.Names(kind), b.reported(kind)
	switch {
	case kind == "field" && b.Reason == reasonInvalidParameter:
		names = fieldsFromMessage(b.envelope.Message)
	case names == nil:
		return nil
	case reported != nil:
		names = reported
	case kind == "field":
	case strings.HasPrefix(names[0], strings.ToUpper(b.itemKind)+"_"):
		names = []string{b.itemID}
	default:
		names = []string{""}
	}
	if len(names) > b.limits.violations {
		b.markTruncated("violations")
		names = names[:b.limits.violations]
	}
	short := make([]string, len(names))
	for i, name := range names {
		short[i] = b.truncate("violations", name, maxID)
	}
	return short
}

// changesNames returns a function that reports whether the response names fields, subjects or resources for a kind of
// detail, or the limits are lower.
func changesNames(kind string) func(*statusBuilder) bool {
	return func(b *statusBuilder) bool {
		if b.Names(kind) == nil {
			return kind == "field" && b.Reason == reasonInvalidParameter
		}
		return len(b.envelope.Violations) > 0 || b.itemKind != "" || b.limits.violations != defaultLimits.violations
	}
}

// beanValidationPhrases begin the messages of Java's bean validation.
var beanValidationPhrases = []string{"must ", "may not ", "size must ", "length must ", "不能", "必须"}

// fieldsFromMessage returns the fields of a message such as "id: must not be null, region: must not be null".
func fieldsFromMessage(message string) []string {
	var fields []string
	parts := 0
	for part := range strings.FieldsFuncSeq(message, func(r rune) bool { return r == ',' || r == ';' }) {
		if parts++; parts > 4*defaultLimits.violations {
			break // more than the limits allow
		}
		field, phrase, found := strings.Cut(part, ":")
		field, phrase = strings.TrimSpace(field), strings.TrimSpace(phrase)
		begins := func(words string) bool { return strings.HasPrefix(phrase, words) }
		if found && field != "" && !strings.ContainsAny(field, " \t\n") && slices.ContainsFunc(beanValidationPhrases, begins) {
			fields = append(fields, field)
		}
	}
	return fields
}
