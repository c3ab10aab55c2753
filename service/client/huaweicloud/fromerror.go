package huaweicloud

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/cbcerr/cbcerr/service/client"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
)

// FromError returns the *Error of an error that the SDK alone returned. It is for programs that do not build the SDK client
// themselves. It returns other errors and nil unchanged.
//
// Prefer NewErrorHandler: the SDK returns no error for HTTP 200, and its error lacks the Retry-After header, the failed items
// and the rest of the response.
func FromError(t *client.Translator, err error) error {
	if _, ok := errors.AsType[*client.Failure](err); ok {
		return err
	}
	sdk, ok := errors.AsType[*sdkerr.ServiceResponseError](err)
	if !ok {
		return err
	}
	header := http.Header{"X-Request-Id": {sdk.RequestId}}
	failure, ok := errors.AsType[*client.Failure](t.CheckBody(sdk.StatusCode, header, bodyOf(sdk)))
	if !ok {
		return err
	}
	return &Error{failure, sdk}
}

// bodyOf returns the body of a response as far as the error of the SDK has it. Without a code, the message is the body.
func bodyOf(e *sdkerr.ServiceResponseError) []byte {
	if e.ErrorCode == "" {
		return []byte(e.ErrorMessage)
	}
	var details []map[string]string
	for _, d := range e.Details {
		details = append(details, map[string]string{"error_code": d.ErrorCode, "error_msg": d.ErrorMessage})
	}
	body, _ := json.Marshal(struct { // strings can always be encoded
		Code          string              `json:"error_code"`
		Message       string              `json:"error_msg"`
		Authorization string              `json:"encoded_authorization_message,omitempty"`
		Details       []map[string]string `json:"details,omitempty"`
	}{e.ErrorCode, e.ErrorMessage, e.EncodedAuthorizationMessage, details})
	return body
}
