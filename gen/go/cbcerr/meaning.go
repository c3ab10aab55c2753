package cbcerr

import (
	"strings"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Meaning returns the meaning of the code with a number in the catalogue of this version. It reports false for an unknown
// code. It makes no calls.
func Meaning(number errorv1.ErrorCode) (*errorv1.Meaning, bool) {
	value := number.Descriptor().Values().ByNumber(protoreflect.EnumNumber(number))
	if value == nil {
		return nil, false
	}
	m, ok := proto.GetExtension(value.Options(), errorv1.E_Meaning).(*errorv1.Meaning)
	return m, ok && m != nil
}

// MeaningOf returns what Meaning returns for the text of a code, with or without the prefix, in any letter case: CBC.5003 or
// 5003. It reports false for other texts, and for codes of other systems such as APIGW.0301, which only the service translates.
func MeaningOf(code string) (*errorv1.Meaning, bool) {
	return Meaning(numberOf("CBC." + strings.TrimPrefix(strings.ToUpper(code), "CBC.")))
}

// numberOf returns the number of a code of 4 digits, or of 8 that do not begin with 0; else 0. The typed detail lacks the
// number if it was read from JSON that names a code newer than this package.
func numberOf(code string) errorv1.ErrorCode {
	digits, ok := strings.CutPrefix(code, "CBC.")
	if !ok || len(digits) != 4 && len(digits) != 8 || len(digits) == 8 && digits[0] == '0' {
		return 0
	}
	if digits == "0000" {
		return errorv1.ErrorCode_ERROR_CODE_CBC_0000
	}
	var number errorv1.ErrorCode
	for _, digit := range []byte(digits) {
		if digit < '0' || digit > '9' {
			return 0
		}
		number = number*10 + errorv1.ErrorCode(digit-'0')
	}
	return number
}
