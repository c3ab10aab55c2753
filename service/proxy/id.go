package proxy

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// idMember matches a path and its value, as .orders..value.=CS1, that can be the ID of what was made: a value under a name that says
// so, or one that looks like the ID of an order. Names are in lower case and without "_" and "-"; 0 is no ID.
var idMember = regexp.MustCompile(`(?s)^[^=]*(?:(?:ids?|no|numbers?)(?:list)?\.|order)[^=]*=.*[^0.\s]|^[^=]*=CS[0-9]`)

// errorMember matches a member of the error itself, a count of items, and a flag such as isValid or prepaid.
var errorMember = regexp.MustCompile(`^[^=]*\.(?:(?:err|error|ret|result)?(?:code|msg|message|desc|description)|(?:err|error|exception)id|err(?:or)?(?:s|no)?|` +
	`externalmessage|descargs|encodedauthorizationmessage|exception|detail|log|body|(?:http)?status(?:code)?|x?requestid|(?:trace|span|domain)id|` +
	`(?:success|fail(?:ed)?)(?:num|count)|[^=.]*(?:valid|paid|void))\.*=`)

// foldName removes what two spellings of a name differ in.
var foldName = strings.NewReplacer("_", "", "-", "")

// hasID reports whether a JSON text holds the ID of what was made beside the error, such as order_ids. Names are compared
// without escapes.
func hasID(text []byte) bool {
	in := jsontext.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))), verbatimOptions()...)
	names := []string{""} // of the last member at each depth; empty in an array
	for {
		token, err := in.ReadToken()
		if err != nil {
			return false
		}
		last := &names[len(names)-1]
		switch token.Kind() {
		case '{', '[':
			names = append(names, "")
		case '}', ']':
			names = names[:len(names)-1]
		case '"', '0':
			if holder, n := in.StackIndex(in.StackDepth()); holder == '{' && n%2 == 1 {
				*last = token.String()
			} else if isID(names, token.String()) {
				return true
			}
		}
	}
}

// isID reports whether the value at a path is an ID.
func isID(names []string, value string) bool {
	member := foldName.Replace(strings.ToLower(strings.Join(names, "."))) + ".=" + value
	return idMember.MatchString(member) && !errorMember.MatchString(member)
}
