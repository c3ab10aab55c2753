package main

import (
	"cmp"
	"slices"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
)

// none stands for a part that is absent.
const none = "-"

// meaning is what a caller needs to know of a response.
type meaning struct {
	Code, Reason, Retry, Wait, HTTPStatus, RequestID, Message string

	OK bool
}

// shown returns the part of a meaning that a text shows.
func (m meaning) shown(shows []string) meaning {
	for part, otherwise := range map[string]func(*meaning){
		"code":    func(m *meaning) { m.Code, m.Reason = none, "UNRECOGNIZED_RESPONSE" },
		"retry":   func(m *meaning) { m.Retry = "VERIFY_FIRST" },
		"status":  func(m *meaning) { m.HTTPStatus = none },
		"request": func(m *meaning) { m.RequestID = none },
		"message": func(m *meaning) { m.Message = none },
	} {
		if !slices.Contains(shows, part) {
			otherwise(&m)
		}
	}
	return m
}

// comparable returns the part of a meaning that can be compared with a wanted one. The wait follows from the message.
func (m meaning) comparable(want meaning) meaning {
	if want.Message == none {
		m.Message, m.Wait = none, want.Wait
	}
	return m
}

func meaningOf(t *errorv1.Translation) meaning {
	s := t.GetStatus()
	info, retry := golden.Detail[errdetails.ErrorInfo](s), golden.Detail[errdetails.RetryInfo](s)
	metadata, wait := info.GetMetadata(), none
	if retry != nil {
		wait = retry.GetRetryDelay().AsDuration().String()
	}
	return meaning{
		Code: cmp.Or(metadata["code"], none), Reason: info.GetReason(), Retry: metadata["retry"], Wait: wait, HTTPStatus: cmp.Or(metadata["httpStatus"], none),
		RequestID: cmp.Or(golden.Detail[errdetails.RequestInfo](s).GetRequestId(), none), Message: metadata["upstreamMessage"], OK: s.GetCode() == 0,
	}
}
