package envelope_test

import (
	"testing"

	"github.com/cbcerr/cbcerr/service/envelope"
)

func TestCanReportError(t *testing.T) {
	for contentType, want := range map[string]bool{
		"": true, "application/json;charset=UTF-8": true, "Application/Problem+JSON": true, "text/plain": true, "TEXT/HTML; charset": true,
		"application/json; a=1; a=2": true, "text/json": true,
		"text/csv": false, "image/png": false, "application/octet-stream": false, "text/event-stream; charset=utf-8": false, "text/csv; a=1; a=2": false,
		"application/zip": false, "image/svg+xml": false, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": false, "application/pdf": false,
		"application/xml": true, "text/xml; charset=gbk": true, "application/soap+xml": true, "text/javascript": true, "application/x-json": true, "json": true,
	} {
		if got := envelope.CanReportError(contentType); got != want {
			t.Errorf("%q: %t", contentType, got)
		}
	}
}

func TestIsJudged(t *testing.T) {
	for _, k := range []struct {
		status      int
		contentType string
		want        bool
	}{
		{200, "application/json", true}, {302, "text/html", true}, {302, "text/csv", false}, {399, "", true}, {400, "text/csv", true}, {500, "image/png", true},
		{101, "", false}, {206, "application/json", false}, {304, "", false},
	} {
		if got := envelope.IsJudged(k.status, k.contentType); got != k.want {
			t.Errorf("HTTP %d %q: %t", k.status, k.contentType, got)
		}
	}
}
