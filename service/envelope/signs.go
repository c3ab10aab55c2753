package envelope

import (
	"strconv"
	"strings"
)

// A sign is a rule by which a value under a key shows that a call failed, although no code says so.
type sign int

const (
	noSign       sign = iota
	errorText         // a text that is no word of success
	falseFlag         // false
	failedResult      // false, or a text that begins with FAIL
	failedCount       // a number above 0
	failedStatus      // an HTTP status of 4xx or 5xx
)

// A signKey is a key that a sign stands under.
type signKey struct {
	key  string
	sign sign
}

// signKeys are the keys of all signs.
var signKeys = []signKey{
	{"error_msg", errorText},
	{"error_message", errorText},
	{"err_msg", errorText},
	{"error_description", errorText},
	{"retDesc", errorText},
	{"retMsg", errorText},
	{"descArgs", errorText},
	{outerKey, errorText},
	{"errors", errorText},
	{"success", falseFlag},
	{"result", failedResult},
	{"fail_num", failedCount},
	{"fail_count", failedCount},
	{"failed_count", failedCount},
	{"status_code", failedStatus},
	{"http_status_code", failedStatus},
}

// successWords are texts that say that nothing failed, without a full stop and in lower case.
var successWords = map[string]bool{
	"": true, "success": true, "succes": true, "successful": true, "succeeded": true, "ok": true, "成功": true, "操作成功": true,
	"none": true, "null": true, "no error": true, "no errors": true,
}

// maxWord is more bytes than any of them has, in any letter case.
const maxWord = 36

// isSuccessWord reports whether a text says that nothing failed.
func isSuccessWord(text string) bool {
	text = strings.TrimRight(strings.TrimSpace(text), ".!。！")
	if len(text) > maxWord || strings.ContainsAny(text, "0123456789") { // the common case, without a copy
		return false
	}
	return successWords[strings.ToLower(text)]
}

// isSuccessCode reports whether the value under a key for codes says that nothing failed, without the form of a code:
// zeros, SUCCESS, OK, null, or a 2xx status.
func isSuccessCode(code string) bool {
	return strings.Trim(code, "0.") == "" || isSuccessWord(code) || isStatus(code, "2")
}

// isStatus reports whether a text is an HTTP status of one of the given classes.
func isStatus(text, classes string) bool {
	return len(text) == 3 && strings.IndexByte(classes, text[0]) >= 0 && isDigits(text)
}

func isDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// holds reports whether a value shows that the call failed.
func (s sign) holds(v scalar) bool {
	if s == noSign || len(v.raw) > maxCode { // longer than any word of success
		return s == errorText
	}
	text := v.trimmed()
	if s == errorText {
		return v.kind == 't' || v.kind != 'f' && text != "0" && !isSuccessWord(text)
	}
	text = strings.ToLower(text)
	no := v.kind == 'f' || text == "false"
	switch s {
	case falseFlag:
		return no
	case failedResult:
		return no || isFailedResult(text)
	case failedCount:
		n, err := strconv.ParseFloat(text, 64)
		return err == nil && n > 0
	case failedStatus:
		return isStatus(text, "45")
	}
	return false
}

// isFailedResult reports whether a result says in words that something failed.
func isFailedResult(text string) bool {
	text = strings.ToLower(text)
	return strings.HasPrefix(text, "fail") || text == "error"
}

// considerSigns notes that an object shows a failure. Signs of an object within the body are weaker than a success
// code of the body.
func (r *reader) considerSigns(f *frame, message string) {
	for _, s := range f.statements {
		deepFalse := s.place.sign == failedResult && s.value.kind == 'f' && f.depth > 0
		if s.place.sign == noSign || deepFalse || !s.place.sign.holds(s.value) {
			continue
		}
		r.failure.note(f.level, s.place.sign == errorText && s.place.message && !s.place.outer)
	}
	if message == "" {
		return
	}
	status := f.find(func(p *place) bool { return p.generic && p.code && !p.outer }).trimmed()
	if isStatus(status, "45") || f.outer && !isSuccessWord(message) {
		r.failure.note(f.level, false)
	}
}

// A failure collects the signs of failure of a body.
type failure struct {
	shown    bool // by any sign
	stubborn bool // by a sign that stands beside a success code of the body, and is no text
}

func (f *failure) note(l level, text bool) {
	f.shown = true
	f.stubborn = f.stubborn || l.own() && !text
}
