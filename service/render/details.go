package render

import (
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
)

// upstream is the domain of translated errors. The service's own errors have another one.
const upstream = "cbc.huaweicloud.com"

// details are the details of a status by type, without those of unknown types.
type details struct {
	info       *errdetails.ErrorInfo
	localized  *errdetails.LocalizedMessage
	retry      *errdetails.RetryInfo
	request    *errdetails.RequestInfo
	violations []Violation
}

// A Violation is a violation of a BadRequest, a PreconditionFailure or a QuotaFailure.
type Violation struct {
	Type        string `json:"type"`              // field, precondition or quota
	Name        string `json:"name"`              // the field, the type of the precondition, the metric of the quota
	Subject     string `json:"subject,omitempty"` // what is affected, if known
	Description string `json:"description"`
}

func detailsOf(s *statuspb.Status) details {
	var f details
	for _, detail := range s.GetDetails() {
		m, err := detail.UnmarshalNew()
		if err != nil {
			continue
		}
		switch d := m.(type) {
		case *errdetails.ErrorInfo:
			f.info = d
		case *errdetails.LocalizedMessage:
			f.localized = d
		case *errdetails.RetryInfo:
			f.retry = d
		case *errdetails.RequestInfo:
			f.request = d
		default:
			f.violations = append(f.violations, violations(d)...)
		}
	}
	return f
}

func violations(detail any) []Violation {
	var list []Violation
	switch d := detail.(type) {
	case *errdetails.BadRequest:
		for _, v := range d.GetFieldViolations() {
			list = append(list, Violation{"field", v.GetField(), "", v.GetDescription()})
		}
	case *errdetails.PreconditionFailure:
		for _, v := range d.GetViolations() {
			list = append(list, Violation{"precondition", v.GetType(), v.GetSubject(), v.GetDescription()})
		}
	case *errdetails.QuotaFailure:
		for _, v := range d.GetViolations() {
			list = append(list, Violation{"quota", v.GetQuotaMetric(), v.GetSubject(), v.GetDescription()})
		}
	}
	return list
}

// metadata returns an entry of the ErrorInfo's metadata.
func (f details) metadata(key string) string { return f.info.GetMetadata()[key] }

// own reports whether an error is the service's own and not upstream's.
func (f details) own() bool { return f.info.GetDomain() != upstream }
