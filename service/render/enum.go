package render

import (
	"strconv"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// EnumName returns the name of an enum value without the prefix of its enum, such as BACKOFF for RETRY_ADVICE_BACKOFF. It
// is empty for an unspecified value, and the number of a value that is newer than this program.
func EnumName(e protoreflect.Enum) string {
	values := e.Descriptor().Values()
	value := values.ByNumber(e.Number())
	if value == nil {
		return strconv.Itoa(int(e.Number()))
	}
	prefix, ok := strings.CutSuffix(string(values.ByNumber(0).Name()), unspecified)
	if !ok { // google.rpc.Code has no prefix
		return string(value.Name())
	}
	name := strings.TrimPrefix(string(value.Name()), prefix)
	if name == unspecified {
		return ""
	}
	return name
}

// unspecified ends the name of the zero value of an enum.
const unspecified = "UNSPECIFIED"
