package envelope

import (
	"mime"
	"strings"
)

// CanReportError reports whether the CBC or a gateway before it sends errors in a content type: JSON, plain text, HTML or
// none. With a status below 400, other types are data, such as a CSV file or a stream.
func CanReportError(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		mediaType, _, _ = strings.Cut(contentType, ";")
		mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	}
	switch mediaType {
	case "", "application/json", "text/json", "text/plain", "text/html":
		return true
	}
	return strings.HasSuffix(mediaType, "+json")
}
