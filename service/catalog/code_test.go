package catalog_test

import (
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/catalog"
)

func TestCanonical(t *testing.T) {
	for _, tc := range []struct{ name, code, want string }{
		{"canonical already", "CBC.0250", "CBC.0250"},
		{"8 digits", "CBC.99003651", "CBC.99003651"},
		{"lower case", "cbc.0250", "CBC.0250"},
		{"mixed case", "Cbc.0250", "CBC.0250"},
		{"blank inside", "CBC. 0250", "CBC.0250"},
		{"blanks around", " CBC.0250\t\r\n", "CBC.0250"},
		{"ideographic blank", "CBC.\u30000250", "CBC.0250"},
		{"no-break space", "CBC.\u00a00250", "CBC.0250"},
		{"trailing dot", "CBC.0250.", "CBC.0250"},
		{"blank before the trailing dot", "CBC.0250 .", "CBC.0250"},
		{"full-width dot", "CBC\uff0e0250", "CBC.0250"},
		{"full-width trailing dot", "CBC.0250\uff0e", "CBC.0250"},
		{"full-width digits", "CBC.\uff10\uff12\uff15\uff10", "CBC.0250"},
		{"full-width letters in lower case", "\uff43\uff42\uff43.0250", "CBC.0250"},
		{"zero-width space", "CBC.\u200b0250", "CBC.0250"},
		{"zero-width joiner in the prefix", "CB\u200dC.0250", "CBC.0250"},
		{"byte order mark", "\ufeffCBC.0250", "CBC.0250"},
		{"control character", "CBC.0250\x00", "CBC.0250"},
		{"wrong number of digits stays", "CBC.250", "CBC.250"},
		{"letters after the prefix stay as they are", "cbc.abC", "CBC.abC"},
		{"another system's code", "APIGW.0301", "APIGW.0301"},
		{"another system's letter case", "apigw.0301", "apigw.0301"},
		{"a longer prefix", "cbcx.0250", "cbcx.0250"},
		{"digits alone", "0250", "0250"},
		{"nothing", "", ""},
		{"blanks alone", " \u200b ", ""},
		{"dots alone", "...", ""},
		{"shorter than the prefix", "cb", "cb"},
		{"broken UTF-8", "CBC.0250\xff", "CBC.0250\ufffd"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := catalog.Canonical(tc.code); got != tc.want {
				t.Errorf("Canonical(%q) = %q, want %q", tc.code, got, tc.want)
			}
		})
	}
}

func TestIsCBC(t *testing.T) {
	for code, want := range map[string]bool{
		"CBC.0250": true, "CBC.9999": true, "CBC.": true, "CBC": false, "CBCX.0250": false, "APIGW.0301": false, "": false,
	} {
		if got := catalog.IsCBC(code); got != want {
			t.Errorf("IsCBC(%q) = %v, want %v", code, got, want)
		}
	}
}

func TestNumber(t *testing.T) {
	for _, tc := range []struct {
		name, code string
		want       int32
	}{
		{"4 digits", "CBC.0250", 250},
		{"4 digits without zeros", "CBC.3002", 3002},
		{"least of 4 digits", "CBC.0001", 1},
		{"most of 4 digits", "CBC.9999", 9999},
		{"8 digits", "CBC.99003651", 99003651},
		{"least of 8 digits", "CBC.10000000", 10000000},
		{"most of 8 digits", "CBC.99999999", 99999999},
		{"success cannot be 0", "CBC.0000", 10000},
		{"unknown code keeps its number", "CBC.4711", 4711},
		{"3 digits", "CBC.250", 0},
		{"5 digits, the number of success", "CBC.10000", 0},
		{"7 digits", "CBC.9900365", 0},
		{"8 digits beginning with 0", "CBC.00000250", 0},
		{"9 digits", "CBC.990036510", 0},
		{"10 digits, beyond 32 bits", "CBC.9900365100", 0},
		{"no digits", "CBC.", 0},
		{"letters", "CBC.02A0", 0},
		{"sign", "CBC.+250", 0},
		{"full-width digits are not canonical", "CBC.\uff10\uff12\uff15\uff10", 0},
		{"lower case is not canonical", "cbc.0250", 0},
		{"digits alone", "0250", 0},
		{"another system's code", "APIGW.0301", 0},
		{"nothing", "", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := catalog.Number(tc.code); got != tc.want {
				t.Errorf("Number(%q) = %d, want %d", tc.code, got, tc.want)
			}
		})
	}
}

// A finding is a searched text and the keys of the entries that are found.
type finding struct{ name, text, want string }

func TestInfer(t *testing.T) {
	c := load(t, copied(t, small))
	find(t, func(text string) string { return first(c.Infer(text)) }, []finding{
		{"prefix lost", "0250", "CBC.0250"},
		{"leading zero lost too", "250", "CBC.0250"},
		{"nothing lost but the prefix", "3002", "CBC.3002"},
		{"8 digits", "99003002", "CBC.99003002"},
		{"success", "0000", "CBC.0000"},
		{"success, from a lone zero", "0", "CBC.0000"},
		{"the number of success is no code", "10000", ""},
		{"unknown digits", "4711", ""},
		{"zeros too many", "00250", ""},
		{"8 digits beginning with zeros", "00000250", ""},
		{"9 digits", "099003002", ""},
		{"with the prefix it needs no completion", "CBC.0250", ""},
		{"sign", "+250", ""},
		{"blank", " 250", ""},
		{"nothing", "", ""},
	})
}

func TestFindByInput(t *testing.T) {
	c := load(t, copied(t, small))
	find(t, func(text string) string { return keys(c.FindByInput(text)) }, []finding{
		{"canonical", "CBC.0250", "CBC.0250"},
		{"lower case", "cbc.0250", "CBC.0250"},
		{"blank inside", "CBC. 0250", "CBC.0250"},
		{"trailing dot", "cbc.0250.", "CBC.0250"},
		{"full-width", "\uff23\uff22\uff23\uff0e\uff10\uff12\uff15\uff10", "CBC.0250"},
		{"zero-width", "CBC.\u200b0250", "CBC.0250"},
		{"number", "250", "CBC.0250"},
		{"digits", "0250", "CBC.0250"},
		{"number of 8 digits", "99003002", "CBC.99003002"},
		{"number of success", "10000", "CBC.0000"},
		{"digits of success", "0000", "CBC.0000"},
		{"0 stands for no code", "0", ""},
		{"zeros that are no code", "000", ""},
		{"zeros too many", "00250", ""},
		{"number with the prefix", "CBC.250", ""},
		{"number of success with the prefix", "CBC.10000", ""},
		{"10 digits", "9900300200", ""},
		{"beyond 64 bits", "99999999999999999999", ""},
		{"8 digits beginning with 0", "00000250", ""},
		{"unknown code", "CBC.4711", ""},
		{"another system's unknown code", "APIGW.0250", ""},
		{"another system's code", "IAM.0012", "IAM.0012"},
		{"several meanings", "APIGW.0201", "APIGW.0201/409 APIGW.0201/504"},
		{"another system's code in lower case", "apigw. 0201", "APIGW.0201/409 APIGW.0201/504"},
		{"other name of the gateway", "apig.0201", "APIGW.0201/409 APIGW.0201/504"},
		{"one of several meanings", "APIGW.0201/409", ""},
		{"sign", "-250", ""},
		{"prefix alone", "CBC.", ""},
		{"nothing", "", ""},
	})
}

func find(t *testing.T, search func(string) string, findings []finding) {
	for _, tc := range findings {
		t.Run(tc.name, func(t *testing.T) {
			if got := search(tc.text); got != tc.want {
				t.Errorf("%q finds %q, want %q", tc.text, got, tc.want)
			}
		})
	}
}

// first returns the key of an entry, empty without one.
func first(e *catalog.Entry, ok bool) string {
	if !ok {
		return ""
	}
	return e.Key
}

func keys(entries []*catalog.Entry) string {
	list := make([]string, len(entries))
	for i, e := range entries {
		list[i] = e.Key
	}
	return strings.Join(list, " ")
}
