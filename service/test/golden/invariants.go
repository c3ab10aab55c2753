package golden

import (
	"errors"
	"fmt"
	"strings"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

// CheckInvariants returns the rules of the contract that a translation breaks. They hold for every response.
func CheckInvariants(t *errorv1.Translation) error {
	broken := []error{checkDetails("status", t.GetStatus())}
	for i, item := range t.GetItems() {
		name := fmt.Sprintf("item %d %q", i, item.GetId())
		broken = append(broken, checkFailure(name, item.GetStatus()), checkDetails(name, item.GetStatus()))
	}
	if len(t.GetItems()) > 0 {
		broken = append(broken, checkFailure("status beside failed items", t.GetStatus()), checkCareful(t.GetStatus()))
	}
	return errors.Join(broken...)
}

func checkFailure(name string, s *statuspb.Status) error {
	if s.GetCode() == int32(code.Code_OK) {
		return fmt.Errorf("%s: must not be OK", name)
	}
	return nil
}

// checkDetails checks that a success has no details, and that a failure has those that clients read.
func checkDetails(name string, s *statuspb.Status) error {
	info, text := Detail[errdetails.ErrorInfo](s), Detail[errdetails.LocalizedMessage](s)
	switch retry := info.GetMetadata()["retry"]; {
	case s.GetCode() == int32(code.Code_OK):
		if len(s.GetDetails()) > 0 || s.GetMessage() != "" {
			return fmt.Errorf("%s: OK has a message or details", name)
		}
	case s.GetMessage() == "":
		return fmt.Errorf("%s: no message", name)
	case info.GetReason() == "" || info.GetDomain() != "cbc.huaweicloud.com":
		return fmt.Errorf("%s: no ErrorInfo with a reason and upstream's domain", name)
	case Detail[errorv1.CbcError](s) == nil || text.GetLocale() == "" || text.GetMessage() == "":
		return fmt.Errorf("%s: no CbcError, or no LocalizedMessage", name)
	case Detail[errdetails.RetryInfo](s) != nil && !strings.HasPrefix(retry, "BACKOFF"):
		return fmt.Errorf("%s: RetryInfo beside %s", name, retry)
	}
	return nil
}

// checkCareful checks that a status does not let a client repeat a call that may have had an effect.
func checkCareful(s *statuspb.Status) error {
	facts := Detail[errdetails.ErrorInfo](s).GetMetadata()
	if Detail[errdetails.RetryInfo](s) != nil || facts["retry"] == "BACKOFF" || facts["outcome"] == "NOT_APPLIED" {
		return fmt.Errorf("%s and %s beside failed items", facts["retry"], facts["outcome"])
	}
	return nil
}

// Detail returns the first detail of type M, or nil.
func Detail[M any, P interface {
	*M
	proto.Message
}](s *statuspb.Status) P {
	for _, packed := range s.GetDetails() {
		m := P(new(M))
		if packed.MessageIs(m) && packed.UnmarshalTo(m) == nil {
			return m
		}
	}
	return nil
}
