package main

import (
	"strings"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/conformance/gen/conformancev1"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// detailsOf sorts the details of a status by their types. Details of unknown types and unreadable ones are others.
func detailsOf(s *statuspb.Status) *conformancev1.Details {
	d := new(conformancev1.Details)
	for _, packed := range s.GetDetails() {
		m, err := packed.UnmarshalNew()
		field := fieldFor(d, packed.MessageName())
		if err != nil || field == nil {
			d.Others = append(d.Others, packed)
		} else if !d.ProtoReflect().Has(field) {
			d.ProtoReflect().Set(field, protoreflect.ValueOfMessage(m.ProtoReflect()))
		}
	}
	return d
}

func fieldFor(d *conformancev1.Details, name protoreflect.FullName) protoreflect.FieldDescriptor {
	for fields, i := d.ProtoReflect().Descriptor().Fields(), 0; i < fields.Len(); i++ {
		if f := fields.Get(i); !f.IsList() && f.Message().FullName() == name {
			return f
		}
	}
	return nil
}

// viewOf returns the view of a CbcError that a client must have of a status.
func viewOf(s *statuspb.Status) *conformancev1.CbcErrorView {
	d := detailsOf(s)
	if d.GetErrorInfo() == nil {
		return nil
	}
	facts := d.GetErrorInfo().GetMetadata()
	return &conformancev1.CbcErrorView{Code: facts["code"], Number: int32(d.GetCbcError().GetCode()), Reason: d.GetErrorInfo().GetReason(),
		Retry: facts["retry"], Outcome: facts["outcome"], Locale: d.GetLocalizedMessage().GetLocale(),
		Message: d.GetLocalizedMessage().GetMessage(), Advice: facts["advice"], RetryDelay: d.GetRetryInfo().GetRetryDelay()}
}

// meaningOf returns the meaning of a code in the contract, or nil.
func meaningOf(number int32) *errorv1.Meaning {
	value := errorv1.ErrorCode(0).Descriptor().Values().ByNumber(protoreflect.EnumNumber(number))
	if value == nil {
		return nil
	}
	return proto.GetExtension(value.Options(), errorv1.E_Meaning).(*errorv1.Meaning)
}

// meaningOfEntry returns the meaning of an entry of the server's catalogue.
func meaningOfEntry(e *errorv1.CatalogEntry) *errorv1.Meaning {
	return &errorv1.Meaning{HttpStatus: e.GetHttpStatus(), Status: e.GetStatus(), Reason: e.GetReason(), Retry: e.GetRetry(),
		Outcome: e.GetOutcome(), Wait: e.GetWait(), Advice: e.GetAdvice()}
}

// detailCell formats details as the detail column of codes.tsv.
func detailCell(d *conformancev1.Details) string {
	names := map[string][]string{}
	for _, v := range d.GetBadRequest().GetFieldViolations() {
		names["field"] = append(names["field"], v.GetField())
	}
	for _, v := range d.GetPreconditionFailure().GetViolations() {
		names["precondition"] = append(names["precondition"], v.GetType())
	}
	for _, v := range d.GetQuotaFailure().GetViolations() {
		names["quota"] = append(names["quota"], v.GetQuotaMetric())
	}
	if info := d.GetResourceInfo(); info != nil {
		names["resource"] = []string{strings.TrimPrefix(info.GetResourceType(), "cbc.huaweicloud.com/")}
	}
	var words []string
	for _, kind := range []string{"field", "precondition", "quota", "resource"} {
		if names[kind] != nil {
			words = append(words, kind+":"+strings.Join(names[kind], ","))
		}
	}
	return strings.Join(words, " ")
}
