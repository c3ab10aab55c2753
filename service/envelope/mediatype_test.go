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
