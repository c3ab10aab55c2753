package envelope

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// hostile returns worst-case bodies of about size bytes.
func hostile(size int) map[string]string {
	fill := func(before, part, after string) string { return before + strings.Repeat(part, size/len(part)) + after }
	return map[string]string{
		"ids":                             fill(`{"error_code":"CBC.1","expiredResourceIds":[`, `1,`, `1]}`),
		"parts":                           fill(`{"error_details":[`, `{"error_code":"CBC.1"},`, `{}]}`),
		"names":                           fill(`{"error_code":"CBC.1","errorItems":[`, `"a",`, `"a"]}`),
		"things":                          fill(`{"error_code":"CBC.1","quota_infos":[`, `{"resource_type":"t"},`, `{}]}`),
		"lists":                           fill(`{`, `"details":[],`, `"code":"A.1"}`),
		"lists apart":                     fill(`{"error_code":"A.1"`, `,"a":{"details":[1]}`, `}`),
		"keys":                            fill(`{`, `"a":1,`, `"error_code":"CBC.1"}`),
		"key":                             fill(`{"`, `a`, `":1}`),
		"messages":                        fill(`{`, `"error_msg":"m",`, `"error_code":"CBC.1"}`),
		"message":                         fill(`{"error_code":"CBC.1","error_msg":"`, `m`, `"}`),
		"message, no JSON":                fill(``, `余`, ``),
		"escapes":                         fill(`{"error_code":"CBC.1","error_msg":"`, `\u4f59`, `"}`),
		"code":                            fill(`{"error_code":"`, `A.1`, `"}`),
		"number":                          fill(`{"error_code":`, `1`, `}`),
		"objects":                         fill(`[`, `{},`, `{"error_code":"CBC.1"}]`),
		"errors":                          fill(`[`, `{"code":"x","message":"y"},`, `{"error_code":"CBC.1"}]`),
		"open arrays":                     fill(``, `[`, ``),
		"open objects":                    fill(``, `{"a":`, ``),
		"open errors":                     fill(``, `{"error":`, ``),
		"string":                          fill(`"`, `a`, `"`),
		"string of strings":               fill(`"\"`, `\\\"`, `"`),
		"object in a string":              fill(`"{\"error_msg\":\"`, `m`, `\"}"`),
		"JSON in a message":               fill(`{"error_msg":"{\"error_msg\":\"`, `m`, `\"}"}`),
		"control characters":              fill(`{"error_msg":"`, "\n", `"}`),
		"control characters in a string":  fill(`"{\"error_msg\":\"`, "\n", `\"}"`),
		"text with JSON":                  fill(`x`, `{`, ``),
		"labels without values":           fill(``, `error_msg, request_id:, status_code < 400 `, `errorCode: A.0001 `),
		"labels of codes that may be cut": fill(``, `code.a.1234`, ``),
		"labels of no code":               fill(``, `code:codex A.1234 `, ``),
		"label in a name":                 fill(``, strings.Repeat(`code_`, 12)+`code-a.1234 `, ``),
		"labels of IDs without a digit":   fill(``, `request-id-`, ``),
		"members of a message":            fill(`errorCode: A.0001 error_msg:a`, `,limit:1`, `.`),
		"GBK":                             fill("{\"error_msg\":\"", "\xd3\xe0", "\"}"),
		"GBK, control characters":         fill("{\"error_msg\":\"\xd3\xe0", "\n", "\"}"),
		"UTF-16":                          fill("\xff\xfe", "\x59\x4f", ""),
		"faults":                          fill("{\"error_msg\":\"", "\xffa", "\"}"),
		"faults, escapes":                 fill("{\"error_msg\":\"\\n", "\xffa", "\"}"),
		"codes":                           fill(`[`, "{\"code\":\"A .\\t1\"},", `{}]`),
		"full-width codes":                fill(`[`, `{"code":"Ａ.1","errorCode":". ","err_code":". "},`, `{}]`),
		"violations of all kinds":         fill(`{"a":[{}`, `,{"errorItems":[{"code":"1","message":"2","id":"3","result":"4","resource_type":"5","request_id":"6"}]}`, `]}`),
		"euro signs in JSON":              fill("{\"error_msg\":\"\xd3\xe0", "\x80", "\n\"}"),
		"euro signs in a string":          fill("\"{\\\"error_msg\\\":\\\"\xd3\xe0", "\x80", "\n\\\"}\""),
		"faults in a string":              fill("\"{\\\"error_msg\\\":\\\"", "\xffa", "\n\\\"}\""),
		"GBK in a string":                 fill("\"{\\\"error_msg\\\":\\\"", "\xd3\xe0", "\n\\\"}\""),
		"euro signs":                      fill("\xd3\xe0", "\x80", ""),
	}
}

// BenchmarkParse shows that the time is linear in the body: the throughput does not depend on the size.
func BenchmarkParse(b *testing.B) {
	for _, size := range []int{4 << 10, 64 << 10, 1 << 20, 4 << 20} {
		for name, body := range hostile(size) {
			b.Run(fmt.Sprintf("%s/%dKiB", name, size>>10), func(b *testing.B) {
				r := Response{HTTPStatus: 400, Body: []byte(body)}
				b.SetBytes(int64(len(body)))
				for b.Loop() {
					Parse(r)
				}
			})
		}
	}
}

// TestParse_HostileBodies checks the limits of what Parse keeps. The body "names" reaches the limit of violations.
func TestParse_HostileBodies(t *testing.T) {
	bodies := hostile(1 << 20)
	long := strings.Repeat("余", 1<<18)
	bodies["texts"] = `{"error_code":"` + long + `","error_msg":"` + long + `","request_id":"` + long + `"}`
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			e := Parse(Response{HTTPStatus: 400, Body: []byte(body)})
			if n := len(e.Violations); n > maxViolations || name == "names" && n < maxViolations {
				t.Errorf("%d violations", len(e.Violations))
			}
			if len(e.Code) > maxCode {
				t.Errorf("a code of %d bytes", len(e.Code))
			}
			for _, text := range texts(e) {
				if len(text) > maxText || !utf8.ValidString(text) {
					t.Errorf("a text of %d bytes, or one that is no UTF-8", len(text))
				}
			}
		})
	}
}
