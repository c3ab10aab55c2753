package proxy

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// What a name around a value and the value say; names are in lower case and without "_" and "-".
var (
	idName    = regexp.MustCompile(`(?:ids?|no|numbers?)(?:list)?$|order`)                                                           // of the ID of what was made
	otherName = regexp.MustCompile(`^(?:(?:x?request|trace|span|domain|err|error|exception)id|err(?:or)?no|.*(?:valid|paid|void))$`) // an ID of the error itself, or a flag
	orderID   = regexp.MustCompile(`^CS[0-9][0-9A-Z]*$`)
)

// foldName removes what two spellings of a name differ in.
var foldName = strings.NewReplacer("_", "", "-", "")

// A place is what the names around a value say. It is kept for each depth: to read the whole path of each value would be slow.
type place struct {
	ofID  bool // one of them is that of an ID
	other bool // the last looks so and is not
}

// member returns the place of a member of an object.
func (p place) member(name string) place {
	if name == "" {
		return p
	}
	name = foldName.Replace(strings.ToLower(name))
	return place{p.ofID || idName.MatchString(name), otherName.MatchString(name)}
}

// isID reports whether a value can be the ID of what was made: under a name that says so, or by the form of the ID of an order. 0 is no ID.
func (p place) isID(value string) bool {
	return !p.other && (p.ofID && strings.Trim(value, "0. \t\n\f\r") != "" || orderID.MatchString(value))
}

// hasID reports whether a JSON text holds the ID of what was made beside the error, such as order_ids. Names are compared
// without escapes.
func hasID(text []byte) bool {
	in := jsontext.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))), verbatimOptions()...)
	places := []place{{}} // of the last value at each depth
	for {
		token, err := in.ReadToken()
		if err != nil {
			return false
		}
		last := &places[len(places)-1]
		switch token.Kind() {
		case '{', '[':
			places = append(places, *last)
		case '}', ']':
			places = places[:len(places)-1]
		case '"', '0':
			if holder, n := in.StackIndex(in.StackDepth()); holder == '{' && n%2 == 1 {
				*last = places[len(places)-2].member(token.String())
			} else if last.isID(token.String()) {
				return true
			}
		}
	}
}
