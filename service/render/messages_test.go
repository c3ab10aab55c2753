package render

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
)

func TestMessagesTable(t *testing.T) {
	rows := strings.Split(strings.TrimSpace(messagesTable), "\n")
	if rows[0] != "key\ten\tzh-CN" {
		t.Fatalf("columns %q", rows[0])
	}
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		cells := strings.Split(row, "\t")
		if len(cells) != 3 || slices.Contains(cells, "") || seen[cells[0]] {
			t.Fatalf("%q: want a new key and two texts", row)
		}
		seen[cells[0]] = true
		for _, text := range cells[1:] {
			if text != strings.TrimSpace(text) || strings.Count(text, "{}") != strings.Count(cells[1], "{}") {
				t.Errorf("%s: %q has outer blanks or another number of values", cells[0], text)
			}
		}
		if !strings.ContainsFunc(cells[2], func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%s: %q is not Chinese", cells[0], cells[2])
		}
		if half := regexp.MustCompile(`\p{Han}[,;:?!]|[,;:?!]\p{Han}`).FindString(cells[2]); half != "" {
			t.Errorf("%s: half-width %q", cells[0], half)
		}
	}
}

// TestMessagesTable_Constants compares the constants that have words with those of the contract.
func TestMessagesTable_Constants(t *testing.T) {
	explained := map[string][]string{}
	for key := range messagesFor("en") {
		if kind, name, ok := strings.Cut(key, "."); ok {
			explained[kind] = append(explained[kind], name)
		}
	}
	want := map[string][]string{
		"outcome":    enumNames(errorv1.Outcome_name, "OUTCOME_"),
		"match":      {"OVERLAY"},
		"badge":      enumNames(errorv1.RetryAdvice_name, "RETRY_ADVICE_"),
		"example":    {"body", "curl", "har", "python", "terraform", "words"},
		"site":       {"cn", "eu", "intl"},
		"source":     {"page"},
		"condition":  {"fails", "holds"},
		"form":       {"JSON", "JSON with trailing data", "empty", "malformed JSON", "text"},
		"statusFrom": {"body", "caller", "copy", "unknown"},
		"rule": {
			"HTTP status", "failed items without a code", "known text", "lone code", "nested code", "overlay", "recheck of a success", "row of the gateway's table",
			"row of the table", "success without a code",
		},
		"certainty": {
			"advice-agrees.fails", "advice-agrees.holds", "code-place.fails", "code-place.holds", "http-agrees.fails", "http-agrees.holds", "no-data.fails", "no-data.holds",
			"sole-failure.fails", "sole-failure.holds", "whole-body.fails", "whole-body.holds",
		},
	}
	for _, kind := range slices.Sorted(maps.Keys(explained)) {
		slices.Sort(explained[kind])
		if !slices.Equal(explained[kind], want[kind]) {
			t.Errorf("%s: %v, want %v", kind, explained[kind], want[kind])
		}
		delete(want, kind)
	}
	for kind := range want {
		t.Errorf("no %s has words", kind)
	}
}

// enumNames are the names of an enum's values without their prefix, sorted, but for UNSPECIFIED.
func enumNames(values map[int32]string, prefix string) []string {
	var names []string
	for number, name := range values {
		if number != 0 {
			names = append(names, strings.TrimPrefix(name, prefix))
		}
	}
	slices.Sort(names)
	return names
}

func TestMessagesFor(t *testing.T) {
	for locale, want := range map[string]string{
		"en": "Status", "en-GB": "Status", "zh": "状态", "zh-CN": "状态", "zh-Hant-TW": "状态", "de": "Status", "": "Status", "z": "Status",
	} {
		if got := messagesFor(locale)["status"]; got != want {
			t.Errorf("%q: %q, want %q", locale, got, want)
		}
	}
}

func TestMessages_ChangedByCaller(t *testing.T) {
	Messages()["en"]["status"] = "changed"
	if got := messagesFor("en")["status"]; got != "Status" {
		t.Errorf("the caller changed the word to %q", got)
	}
}

func TestTranslation_Facts(t *testing.T) {
	for _, k := range []struct {
		name, locale string
		metadata     map[string]string
		want         string // a line of the output; none if empty
		label        string
	}{
		{"uncertain", "en", map[string]string{"certain": "false"},
			"Advice withdrawn  The response does not show that this code speaks for the whole call, so check the current state first.", "Advice withdrawn"},
		{"uncertain", "zh-CN", map[string]string{"certain": "false"}, "原建议不适用  响应无法表明该错误码适用于整个调用，请先查询当前状态。", "原建议不适用"},
		{"certain", "en", map[string]string{}, "", "Advice withdrawn"},
		{"delay", "en", map[string]string{"retryAfter": "5"}, "Upstream's Retry-After  5 s", "Upstream's Retry-After"},
		{"delay", "zh-CN", map[string]string{"retryAfter": "5"}, "上游 Retry-After  5 s", "上游 Retry-After"},
		{"no delay", "en", map[string]string{}, "", "Upstream's Retry-After"},
		{"advice", "en", map[string]string{"advice": "Top up.", "retry": "FIX_STATE"}, "What to do  Top up. (FIX_STATE)", "What to do"},
		{"advice", "zh-CN", map[string]string{"advice": "请充值。", "retry": "FIX_STATE"}, "处理建议  请充值。 (FIX_STATE)", "处理建议"},
		{"advice left out", "en", map[string]string{"retry": "FIX_STATE"}, "What to do  FIX_STATE", "What to do"},
		{"site", "en", map[string]string{"suggestedSite": "intl"}, "Try the site  international (intl)", "Try the site"},
		{"site", "zh-CN", map[string]string{"suggestedSite": "cn"}, "可尝试的站点  中国站（cn）", "可尝试的站点"},
		{"newer site", "en", map[string]string{"suggestedSite": "moon"}, "Try the site  moon", "Try the site"},
		{"overlay", "zh-CN", map[string]string{"match": "OVERLAY"}, "匹配方式  特殊情形 (OVERLAY)", "匹配方式"},
		{"row", "en", map[string]string{"match": "EXACT"}, "Matched by  EXACT", "Matched by"},
	} {
		if got := lineOf(t, k.locale, k.metadata, k.label); got != k.want {
			t.Errorf("%s, %s: %q, want %q", k.name, k.locale, got, k.want)
		}
	}
}

// lineOf returns the line that begins with a label, its blanks between the columns reduced to two.
func lineOf(t *testing.T, locale string, metadata map[string]string, label string) string {
	t.Helper()
	s := &statuspb.Status{Code: 9}
	for _, detail := range []proto.Message{
		&errdetails.ErrorInfo{Reason: "R", Domain: upstream, Metadata: metadata}, &errdetails.LocalizedMessage{Locale: locale, Message: "m"},
	} {
		packed, err := anypb.New(detail)
		if err != nil {
			t.Fatal(err)
		}
		s.Details = append(s.Details, packed)
	}
	var out bytes.Buffer
	if err := Translation(&out, &errorv1.Translation{Status: s, Locale: locale}, false); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(line, label) {
			return regexp.MustCompile(` {2,}`).ReplaceAllString(strings.TrimSpace(line), "  ")
		}
	}
	return ""
}

func TestEntry_Advice(t *testing.T) {
	texts := []*errdetails.LocalizedMessage{{Locale: "en", Message: "m"}, {Locale: "zh-CN", Message: "余"}}
	advice := []*errdetails.LocalizedMessage{{Locale: "en", Message: "Top up."}, {Locale: "zh-CN", Message: "请充值。"}}
	for _, k := range []struct {
		preferred []string
		retry     errorv1.RetryAdvice
		advice    []*errdetails.LocalizedMessage
		want      string
	}{
		{nil, errorv1.RetryAdvice_RETRY_ADVICE_FIX_STATE, advice, "What to do     Top up. (FIX_STATE)"},
		{[]string{"zh"}, errorv1.RetryAdvice_RETRY_ADVICE_FIX_STATE, advice, "处理建议          请充值。 (FIX_STATE)"},
		{nil, errorv1.RetryAdvice_RETRY_ADVICE_UNSPECIFIED, advice, "What to do     Top up."},
		{nil, errorv1.RetryAdvice_RETRY_ADVICE_FIX_STATE, nil, "What to do     FIX_STATE"},
	} {
		var out bytes.Buffer
		if err := Entry(&out, &errorv1.CatalogEntry{Code: "C", Texts: texts, Retry: k.retry, Advice: k.advice}, k.preferred, false); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "\n"+k.want+"\n") {
			t.Errorf("no %q in\n%s", k.want, out.String())
		}
	}
}

func TestEntry_HTTPStatus(t *testing.T) {
	for _, k := range []struct {
		status int32
		locale string
		want   string
	}{
		{200, "en", "Upstream HTTP  200"}, {0, "en", "Upstream HTTP  not documented"}, {0, "zh-CN", "上游 HTTP 状态码  未公布"},
	} {
		var out bytes.Buffer
		texts := []*errdetails.LocalizedMessage{{Locale: k.locale, Message: "m"}}
		if err := Entry(&out, &errorv1.CatalogEntry{Code: "C", HttpStatus: k.status, Texts: texts}, nil, false); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), k.want+"\n") {
			t.Errorf("no %q in\n%s", k.want, out.String())
		}
	}
}
