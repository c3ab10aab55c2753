package envelope

import (
	"mime"
	"net/http"
	"slices"
	"strings"
)

// IsJudged reports whether a response can be an error. From HTTP 400 on each one is. Below it, another protocol (101), a part
// of a document (206), Not modified (304) and data are not. A redirect is: it has no result of the call.
func IsJudged(status int, contentType string) bool {
	switch status {
	case http.StatusSwitchingProtocols, http.StatusPartialContent, http.StatusNotModified:
		return false
	}
	return status >= http.StatusBadRequest || CanReportError(contentType)
}

// CanReportError reports whether a body of a content type can be an error of the CBC or of a gateway before it: JSON, XML, HTML,
// plain text, or a type that is missing or malformed. With a status below 400, other types are data, such as a CSV file or a stream.
func CanReportError(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		mediaType, _, _ = strings.Cut(contentType, ";")
		mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	}
	kind, subtype, ok := strings.Cut(mediaType, "/")
	if !ok {
		return true
	}
	subtype = subtype[strings.LastIndexByte(subtype, '+')+1:]
	return kind != "image" && slices.Contains(errorSubtypes[:], strings.TrimPrefix(subtype, "x-")) || mediaType == "text/plain"
}

// errorSubtypes are the subtypes of errors, without "x-". JavaScript is JSONP.
var errorSubtypes = [...]string{"json", "xml", "html", "xhtml", "javascript"}
