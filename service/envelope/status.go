package envelope

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"iter"
	"strings"

	jsonopts "github.com/go-json-experiment/json"
	"google.golang.org/protobuf/encoding/protowire"
)

// translatedDomain is the domain of translated errors in google.rpc.ErrorInfo and in problem+json.
const translatedDomain = "cbc.huaweicloud.com"

// An Advice is what an earlier translation said, in names without their prefixes. It is empty if there was none.
type Advice struct{ Retry, Outcome string }

// translated returns what an earlier translation found, if a body is its result: a google.rpc.Status in JSON, as gRPC-Gateway
// and Connect write it, alone or as the member status or error, or problem+json (RFC 9457).
func translated(body []byte) (Finding, Advice, bool) {
	if !bytes.Contains(body, []byte(translatedDomain)) && !bytes.Contains(body, []byte(`"google.rpc.ErrorInfo"`)) {
		return Finding{}, Advice{}, false
	}
	var top map[string]any
	if jsonopts.Unmarshal(body, &top, lenient) != nil {
		return Finding{}, Advice{}, false
	}
	for _, member := range []any{top, top["status"], top["error"]} {
		status, _ := member.(map[string]any)
		if info, ok := errorInfo(status); ok {
			message := cmp.Or(info["upstreamMessage"], text(status["detail"]), text(status["message"]))
			f := Finding{Code: bounded(info["code"], maxCode), Message: bounded(message, maxText), Shape: statusShape, Own: true}
			f.WellFormed = isCode(f.Code)
			return f, Advice{info["retry"], info["outcome"]}, true
		}
	}
	return Finding{}, Advice{}, false
}

// errorInfo returns the metadata of the ErrorInfo of a translation in a status, or of a problem.
func errorInfo(status map[string]any) (metadata map[string]string, ok bool) {
	details, _ := status["details"].([]any)
	for _, detail := range append(details, status) {
		object, _ := detail.(map[string]any)
		if debug, ok := object["debug"].(map[string]any); ok {
			object = debug
		}
		if object["domain"] == translatedDomain {
			return textMembers(object["metadata"]), true
		}
		if object["type"] == "google.rpc.ErrorInfo" {
			encoded, _ := base64.RawStdEncoding.DecodeString(strings.TrimRight(text(object["value"]), "="))
			if domain, metadata := decodeErrorInfo(encoded); domain == translatedDomain {
				return metadata, true
			}
		}
	}
	return nil, false
}

// decodeErrorInfo decodes a google.rpc.ErrorInfo, as far as it is well-formed. The generated type would link the text format of
// protobuf.
func decodeErrorInfo(encoded []byte) (domain string, metadata map[string]string) {
	metadata = map[string]string{}
	for number, value := range fields(encoded) {
		switch number {
		case 2:
			domain = string(value)
		case 3:
			var entry [3][]byte // key and value by number
			for number, value := range fields(value) {
				entry[min(number, 2)] = value
			}
			metadata[string(entry[1])] = string(entry[2])
		}
	}
	return domain, metadata
}

// fields returns the numbers and values of the fields of a message that have a length.
func fields(encoded []byte) iter.Seq2[protowire.Number, []byte] {
	return func(yield func(protowire.Number, []byte) bool) {
		for len(encoded) > 0 {
			number, kind, n := protowire.ConsumeTag(encoded)
			if n < 0 || kind != protowire.BytesType {
				return
			}
			value, m := protowire.ConsumeBytes(encoded[n:])
			if m < 0 || !yield(number, value) {
				return
			}
			encoded = encoded[n+m:]
		}
	}
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// textMembers returns the texts of an object.
func textMembers(v any) map[string]string {
	object, _ := v.(map[string]any)
	all := make(map[string]string, len(object))
	for key, value := range object {
		all[key] = text(value)
	}
	return all
}
