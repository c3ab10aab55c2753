package main

import (
	"fmt"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/conformance/gen/conformancev1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
)

func resultObservation(result *errorv1.TranslateResult) *conformancev1.Observation {
	if own := result.GetError(); own != nil {
		return &conformancev1.Observation{Rejected: own}
	}
	return translationObservation(result.GetTranslation())
}

func translationObservation(t *errorv1.Translation) *conformancev1.Observation {
	whole := statusObservation(t.GetStatus())
	whole.Locale = t.GetLocale()
	for _, failed := range t.GetItems() {
		item := statusObservation(failed.GetStatus())
		item.Id = failed.GetId()
		whole.Items = append(whole.Items, item)
	}
	return whole
}

func statusObservation(s *statuspb.Status) *conformancev1.Observation {
	e, ok := cbcerr.FromStatus(s)
	return observation(s, e, ok)
}

func errorObservation(err error) *conformancev1.Observation {
	e, ok := cbcerr.FromError(fmt.Errorf("placing the order: %w", err)) // as programs pass it on
	return observation(status.Convert(err).Proto(), e, ok)
}

func observation(s *statuspb.Status, e *cbcerr.Error, ok bool) *conformancev1.Observation {
	o := &conformancev1.Observation{Status: s, Details: details(s)}
	if ok {
		o.Error, o.Meaning = view(e), meaning(e.Number)
	}
	return o
}

func view(e *cbcerr.Error) *conformancev1.CbcErrorView {
	v := &conformancev1.CbcErrorView{Code: e.Code, Number: int32(e.Number), Reason: string(e.Reason), Retry: string(e.Retry), Outcome: string(e.Outcome),
		Locale: e.Locale, Message: e.Message, Advice: e.Advice, ShouldRetry: proto.Bool(e.ShouldRetry(false)), ShouldRetryIdempotent: proto.Bool(e.ShouldRetry(true))}
	if e.RetryDelay != nil {
		v.RetryDelay = durationpb.New(*e.RetryDelay)
	}
	return v
}

func meaning(number errorv1.ErrorCode) *errorv1.Meaning {
	m, _ := cbcerr.Meaning(number)
	return m
}

func details(s *statuspb.Status) *conformancev1.Details {
	d := &conformancev1.Details{}
	for i, detail := range status.FromProto(s).Details() {
		switch m := detail.(type) {
		case *errdetails.ErrorInfo:
			first(&d.ErrorInfo, m)
		case *errorv1.CbcError:
			first(&d.CbcError, m)
		case *errdetails.LocalizedMessage:
			first(&d.LocalizedMessage, m)
		case *errdetails.RetryInfo:
			first(&d.RetryInfo, m)
		case *errdetails.BadRequest:
			first(&d.BadRequest, m)
		case *errdetails.PreconditionFailure:
			first(&d.PreconditionFailure, m)
		case *errdetails.QuotaFailure:
			first(&d.QuotaFailure, m)
		case *errdetails.ResourceInfo:
			first(&d.ResourceInfo, m)
		case *errdetails.RequestInfo:
			first(&d.RequestInfo, m)
		case *errdetails.Help:
			first(&d.Help, m)
		default: // an error says that the type is unknown
			d.Others = append(d.Others, s.GetDetails()[i])
		}
	}
	return d
}

func first[M any](field **M, m *M) {
	if *field == nil {
		*field = m
	}
}

// rejected reports whether a status is the service's own error.
func rejected(s *statuspb.Status) bool { return details(s).GetErrorInfo().GetDomain() == "cbcerr" }
