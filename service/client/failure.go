package client

import (
	"fmt"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/translate"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// A Failure is the error of a response. It wraps a *cbcerr.Error, so errors.Is finds its reason:
//
//	errors.Is(err, cbcerr.ReasonWrongSite)
//
// Failures share memory: do not modify one.
type Failure struct {
	Err        *cbcerr.Error // what the response means
	Items      []Item        // parts of the call that failed; none if the call failed as a whole
	HTTPStatus int           // as received; 0 if it is not known

	translator *Translator
	response   translate.Response
}

// An Item is a part of a call that failed, such as one of many resources.
type Item struct {
	ID  string // of the resource, customer or quota
	Err *cbcerr.Error
}

// newFailure returns the failure that a translation describes.
func newFailure(t *Translator, r translate.Response, translation *errorv1.Translation) *Failure {
	f := &Failure{HTTPStatus: r.HTTPStatus, translator: t, response: r}
	f.Err, _ = cbcerr.FromStatus(translation.GetStatus())
	for _, item := range translation.GetItems() {
		err, _ := cbcerr.FromStatus(item.GetStatus())
		f.Items = append(f.Items, Item{item.GetId(), err})
	}
	return f
}

// Error returns code, reason and the English message, and the number of failed items, for logs.
func (f *Failure) Error() string {
	if f == nil || f.Err == nil {
		return errNotMade
	}
	if len(f.Items) == 0 {
		return f.Err.Error()
	}
	return fmt.Sprintf("%v (failed items: %d)", f.Err, len(f.Items))
}

// errNotMade is the text of a Failure that this package did not make.
const errNotMade = "client: a Failure without Err"

// Unwrap returns Err; nil if there is none.
func (f *Failure) Unwrap() error {
	if f == nil || f.Err == nil {
		return nil // not a nil *cbcerr.Error
	}
	return f.Err
}

// GRPCStatus returns the status of Err. A gRPC server that returns the Failure, wrapped or not, sends code and
// details to its client, which reads them with cbcerr.FromError. It does not send the Items, and of several joined errors
// it sends the first. A Failure without Err has the code UNKNOWN.
func (f *Failure) GRPCStatus() *status.Status {
	if f == nil || f.Err == nil {
		return status.New(codes.Unknown, errNotMade)
	}
	return f.Err.GRPCStatus()
}

// Body returns the body as received, at most 1 MiB of it. It may contain the parts of the call that succeeded, such as order
// numbers. Do not modify it.
func (f *Failure) Body() []byte { return f.response.Body }

// Localize returns the failure with its texts in the language that fits best. The languages are like those of
// WithLocales, which count if none fits. A Failure that this package did not make is returned unchanged.
func (f *Failure) Localize(languages ...string) *Failure {
	if f == nil || f.translator == nil {
		return f
	}
	return f.translator.translate(f.response, f.translator.locale(languages...))
}
