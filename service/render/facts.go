package render

import (
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
)

// upstream is the domain of translated errors; those of another one are a service's own.
const upstream = "cbc.huaweicloud.com"

// facts are the details of a status, each where it belongs. Details that nobody here knows are left out.
type facts struct {
	info       *errdetails.ErrorInfo
	localized  *errdetails.LocalizedMessage
	retry      *errdetails.RetryInfo
	request    *errdetails.RequestInfo
	violations []Violation
}

// A Violation is one thing that a BadRequest, a PreconditionFailure or a QuotaFailure complains about.
type Violation struct {
	Type        string `json:"type"`              // field, precondition or quota
	Name        string `json:"name"`              // the field, the type of the precondition, the metric of the quota
	Subject     string `json:"subject,omitempty"` // what it is about, where that is known
	Description string `json:"description"`
}

func factsOf(s *statuspb.Status) facts {
	var f facts
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

// fact is an entry of the ErrorInfo's metadata.
func (f facts) fact(key string) string { return f.info.GetMetadata()[key] }

// own tells whether an error is the service's own and not upstream's.
func (f facts) own() bool { return f.info.GetDomain() != upstream }
