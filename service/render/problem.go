package render

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/url"
	"strings"

	statuspb "google.golang.org/genproto/googleapis/rpc/status"
)

// A Problem is an error as problem details (RFC 9457). Clients branch on Reason.
type Problem struct {
	Type       string            `json:"type"`               // urn:cbcerr:reason:REASON, or the URL of the explorer page of the reason
	Title      string            `json:"title"`              // the reason in words
	Status     int               `json:"status"`             // HTTP status of the response that carries the problem
	Detail     string            `json:"detail"`             // the localized text
	Instance   string            `json:"instance,omitempty"` // urn:cbcerr:request:ID, with upstream's request ID
	Reason     string            `json:"reason"`
	Domain     string            `json:"domain"`
	Code       string            `json:"code,omitempty"` // upstream's, in its canonical spelling
	Retry      string            `json:"retry,omitempty"`
	Advice     string            `json:"advice,omitempty"` // what to do, for people
	Outcome    string            `json:"outcome,omitempty"`
	Locale     string            `json:"locale"`
	Metadata   map[string]string `json:"metadata,omitempty"` // of the ErrorInfo
	Violations []Violation       `json:"violations,omitempty"`
}

// NewProblem returns the problem of an error. If publicURL is not empty, the type of a translated error is the URL of an
// explorer page below it.
func NewProblem(s *statuspb.Status, httpStatus int, publicURL string) Problem {
	f := detailsOf(s)
	return Problem{
		Type: f.problemType(publicURL), Title: titleCase(f.info.GetReason()), Status: httpStatus,
		Detail: cmp.Or(f.localized.GetMessage(), s.GetMessage()), Instance: f.instance(),
		Reason: f.info.GetReason(), Domain: f.info.GetDomain(), Code: f.metadata("code"), Retry: f.metadata("retry"), Advice: f.metadata("advice"), Outcome: f.metadata("outcome"),
		Locale: f.locale(), Metadata: f.info.GetMetadata(), Violations: f.violations,
	}
}

// JSON returns the problem as JSON. It does not escape HTML.
func (p Problem) JSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(p)
	return b.Bytes(), err
}

func (f details) problemType(publicURL string) string {
	if publicURL == "" || f.own() {
		return "urn:cbcerr:reason:" + f.info.GetReason()
	}
	return strings.TrimSuffix(publicURL, "/") + "/reasons/" + url.PathEscape(f.info.GetReason())
}

func (f details) instance() string {
	if f.request == nil {
		return ""
	}
	return "urn:cbcerr:request:" + url.PathEscape(f.request.GetRequestId())
}

// titleCase converts REQUEST_THROTTLED to "Request throttled".
func titleCase(reason string) string {
	words := strings.ToLower(strings.ReplaceAll(reason, "_", " "))
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}
