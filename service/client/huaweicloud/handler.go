// Package huaweicloud makes clients of huaweicloud-sdk-go-v3 return the errors of package client. An SDK client needs one
// line:
//
//	t, err := client.New()
//	…
//	hc, err := bss.BssClientBuilder().WithErrorHandler(huaweicloud.NewErrorHandler(t)).…
//
// Then every call of the SDK client that the CBC refuses returns an *Error, also with HTTP 200, which the SDK alone takes
// for a success.
//
// A partial failure is an error too. The SDK then returns no result: what succeeded, such as the numbers of orders, stands in
// the Body of the Failure.
package huaweicloud

import (
	"errors"

	"github.com/cbcerr/cbcerr/service/client"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/request"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/response"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
)

// An Error is the error of a call of the SDK. It is a *client.Failure and the SDK's own error. For HTTP 200, the SDK's error
// is built from the response. errors.As and errors.Is find both.
type Error struct {
	*client.Failure
	SDK *sdkerr.ServiceResponseError
}

// Unwrap returns the failure and the error of the SDK.
func (e *Error) Unwrap() []error { return []error{e.Failure, e.SDK} }

// NewErrorHandler returns an error handler for the builders of SDK clients, to be passed to WithErrorHandler. It is safe
// for concurrent use. With a nil Translator, every call returns an error that is no Failure.
func NewErrorHandler(t *client.Translator) sdkerr.ErrorHandler { return errorHandler{t} }

type errorHandler struct{ translator *client.Translator }

// HandleError implements sdkerr.ErrorHandler. The SDK reads the body of a success once more.
func (h errorHandler) HandleError(_ *request.DefaultHttpRequest, r *response.DefaultHttpResponse) error {
	err := h.translator.Check(r.Response)
	failure, failed := errors.AsType[*client.Failure](err)
	if !failed {
		return err
	}
	return &Error{failure, sdkerr.NewServiceResponseError(r.Response)}
}
