package render

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/url"
	"strings"

	statuspb "google.golang.org/genproto/googleapis/rpc/status"
)

// Problem is an error as problem details (RFC 9457). Reason is the key to branch on; what is empty does not apply.
type Problem struct {
	Type       string            `json:"type"`               // urn:cbcerr:reason:REASON, or the page about the reason
	Title      string            `json:"title"`              // the reason in words
	Status     int               `json:"status"`             // of the HTTP response that carries the problem
	Detail     string            `json:"detail"`             // the localized text
	Instance   string            `json:"instance,omitempty"` // urn:cbcerr:request:ID, upstream's id of the request
	Reason     string            `json:"reason"`
	Domain     string            `json:"domain"`
	Code       string            `json:"code,omitempty"` // upstream's, in its canonical spelling
	Retry      string            `json:"retry,omitempty"`
	Outcome    string            `json:"outcome,omitempty"`
	Locale     string            `json:"locale"`
	Metadata   map[string]string `json:"metadata,omitempty"` // of the ErrorInfo
	Violations []Violation       `json:"violations,omitempty"`
}

// NewProblem makes the problem of an error. Types of translated errors are pages of the explorer where its address is
// given, which never comes from a request.
func NewProblem(s *statuspb.Status, httpStatus int, publicURL string) Problem {
	f := factsOf(s)
	return Problem{
		Type: f.problemType(publicURL), Title: inWords(f.info.GetReason()), Status: httpStatus,
		Detail: cmp.Or(f.localized.GetMessage(), s.GetMessage()), Instance: f.instance(),
		Reason: f.info.GetReason(), Domain: f.info.GetDomain(), Code: f.fact("code"), Retry: f.fact("retry"), Outcome: f.fact("outcome"),
		Locale: f.locale(), Metadata: f.info.GetMetadata(), Violations: f.violations,
	}
}

// JSON writes the problem; texts for people are not escaped for HTML.
func (p Problem) JSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(p)
	return b.Bytes(), err
}

func (f facts) problemType(publicURL string) string {
	if publicURL == "" || f.own() {
		return "urn:cbcerr:reason:" + f.info.GetReason()
	}
	return strings.TrimSuffix(publicURL, "/") + "/reasons/" + url.PathEscape(f.info.GetReason())
}

func (f facts) instance() string {
	if f.request == nil {
		return ""
	}
	return "urn:cbcerr:request:" + url.PathEscape(f.request.GetRequestId())
}

// inWords makes REQUEST_THROTTLED a title: Request throttled.
func inWords(reason string) string {
	words := strings.ToLower(strings.ReplaceAll(reason, "_", " "))
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}
