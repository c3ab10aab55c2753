package envelope

import (
	"regexp"
	"strings"
	"testing"
)

// FuzzLabel tests that a label is found where the package regexp finds its expression in the whole text.
func FuzzLabel(f *testing.F) {
	for _, text := range []string{
		"last_status_code: 500, _status_code=400 http_status 404", "HTTP/1.1 503 Service Unavailable", "状态码为：403", "X-Request-Id: q1, 请求ID=q2", "err_msg: m", "错误信息：余",
		"on the second attempt, attempt #3, retried, ReadTimeout, succeeded, created, 第二次 上一次 超时 成功 已创建 已支付", "订单号：CS1 order_ids=[1", "connection reset after socket time-out: timed out",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxLabel || strings.ContainsAny(text, "\u017f\u212a") { // they fold to s and k
			return
		}
		for _, l := range append([]*label{requestIDLabel, statusLabel, statusWords, statusPhrase, messageLabel, orderID}, otherCalls...) {
			want, got := -1, -1
			if at := wholeText(l).FindStringSubmatchIndex(text); at != nil {
				want = at[2]
			}
			for at := range l.matches([]byte(text)) {
				got = at[0]
				break
			}
			if got != want {
				t.Errorf("%s: in %q at %d, want %d", l.expression, text, got, want)
			}
		}
	})
}

// wholeText returns the expression of a label, in a group, for any place of a text.
func wholeText(l *label) *regexp.Regexp {
	label := "(" + strings.TrimPrefix(l.expression.String(), "^") + ")"
	switch {
	case l.inWord('0'):
		label = `(?:^|[^0-9A-Za-z_])` + label
	case l.inWord('a'):
		label = `(?:^|[^A-Za-z_])` + label
	}
	return regexp.MustCompile(label)
}
