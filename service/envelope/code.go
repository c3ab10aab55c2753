package envelope

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// isCode reports whether a text has the form of Huawei Cloud's error codes: a word that begins with a letter, a dot, at
// least four digits. Full-width characters, outer blanks, a blank behind the dot and trailing dots do not matter.
func isCode(text string) bool {
	const minDigits = 4
	dot, digits, ended := false, 0, false
	for i, r := range text {
		switch r = narrow(r); {
		case unicode.IsSpace(r):
			ended = digits > 0
		case ended && r != '.':
			return false
		case !dot && r == '.':
			if dot = true; i == 0 {
				return false
			}
		case dot && r == '.':
			ended = true
		case dot && isDigit(r):
			digits++
		case dot || !isLetter(r) && (i == 0 || !isDigit(r) && r != '_'):
			return false
		}
	}
	return digits >= minDigits
}

// isCBC reports whether a code has the prefix of the CBC.
func isCBC(code string) bool {
	code = strings.TrimSpace(code)
	prefix := code[:min(len(code), len("CBC"))]
	dot, _ := utf8.DecodeRuneInString(code[len(prefix):])
	return strings.EqualFold(prefix, "CBC") && narrow(dot) == '.'
}

// leadingCode returns the code that a text begins with, in brackets or not, and whether anything follows it.
func leadingCode(text string) (code string, followed bool) {
	text = strings.TrimLeft(text, "[(【")
	end := strings.IndexFunc(text, func(r rune) bool {
		r = narrow(r)
		return !isLetter(r) && !isDigit(r) && r != '.' && r != '_'
	})
	if followed = end >= 0; followed {
		text = text[:end]
	}
	if len(text) >= maxKey || !isCode(text) {
		return "", false
	}
	return text, followed
}

// narrow returns the ASCII form of a full-width character.
func narrow(r rune) rune {
	if r < unicode.MaxASCII {
		return r
	}
	if n := width.LookupRune(r).Narrow(); n != 0 {
		r = n
	}
	if r == '｡' {
		return '.'
	}
	return r
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// isStatus reports whether a text is an HTTP status of one of the given classes.
func isStatus(text, classes string) bool {
	return len(text) == 3 && strings.IndexByte(classes, text[0]) >= 0 && strings.Trim(text, "0123456789") == ""
}

// A sign is a rule by which a value shows that a call failed, although no code says so.
type sign int

const (
	noSign       sign = iota
	errorText         // a text other than a word of success
	falseFlag         // false
	failedResult      // false, or a text that begins with FAIL
	failedCount       // a number above 0
	failedStatus      // an HTTP status of 4xx or 5xx
)

// holds reports whether a value shows that the call failed.
func (s sign) holds(v value) bool {
	if s == noSign || len(v.raw) > maxCode { // no word of success is so long
		return s == errorText
	}
	text := v.trimmed()
	no := v.kind == 'f' || strings.EqualFold(text, "false")
	switch s {
	case errorText:
		return v.kind == 't' || v.kind != 'f' && text != "0" && !isSuccessWord(text)
	case falseFlag:
		return no
	case failedResult:
		return no || isFailedResult(text)
	case failedCount:
		n, err := strconv.ParseFloat(text, 64)
		return err == nil && n > 0
	}
	return isStatus(text, "45")
}

// isFailedResult reports whether a result is a word of failure, such as FAILED.
func isFailedResult(text string) bool {
	const fail = "fail"
	return len(text) >= len(fail) && strings.EqualFold(text[:len(fail)], fail) || strings.EqualFold(text, "error")
}

// successWords are the texts that report success, without a full stop.
var successWords = []string{"", "success", "succes", "successful", "succeeded", "ok", "成功", "操作成功", "none", "null", "no error", "no errors"}

// isSuccessWord reports whether a text is a word of success, in any letter case.
func isSuccessWord(text string) bool {
	text = strings.TrimRight(strings.TrimSpace(text), ".!。！")
	if strings.ContainsAny(text, "0123456789") { // a code, mostly
		return false
	}
	return slices.ContainsFunc(successWords, func(word string) bool { return strings.EqualFold(text, word) })
}

// isSuccessCode reports whether the value of a code key reports success without the form of a code: zeros, a word of
// success, or a 2xx status.
func isSuccessCode(code string) bool {
	return strings.Trim(code, "0.") == "" || isSuccessWord(code) || isStatus(code, "2")
}

// fold removes case, "_" and "-" from a key.
func fold(key string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' {
			return -1
		}
		return unicode.ToLower(unicode.ToUpper(r))
	}, key)
}
