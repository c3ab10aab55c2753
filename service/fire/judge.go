package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// A verdict is what became of a call.
type verdict struct {
	kind kind
	said string // of all but right ones
}

type kind int

const (
	right   kind = iota
	wrong        // an answer, and not the one that it must be
	failed       // an error in place of an answer
	shed         // turned away because there are too many
	refused      // nobody took the call: the connection could not be made
	lost         // nothing came back for a call that somebody may have taken
	kinds
)

// upstream is the domain of answers that are errors; cbcerr's own faults have another.
const upstream = "cbc.huaweicloud.com"

// judge holds an answer against what it must be.
func (q *question) judge(got answer) verdict {
	if slices.Contains(q.want, got) {
		return verdict{}
	}
	return verdict{wrong, fmt.Sprintf("%+v, want %+v", got, q.want)}
}

// judgeStatus reads an answer out of a status.
func (q *question) judgeStatus(s *statuspb.Status) verdict {
	got := answer{code: codes.Code(s.GetCode())}
	for _, packed := range s.GetDetails() {
		detail, err := packed.UnmarshalNew()
		if err != nil {
			return verdict{wrong, err.Error()}
		}
		switch d := detail.(type) {
		case *errdetails.ErrorInfo:
			got.reason = d.GetReason()
		case *errorv1.CbcError:
			got.status = d.GetHttpStatus()
		case *errdetails.LocalizedMessage:
			got.locale, got.text = d.GetLocale(), d.GetMessage()
		}
	}
	return q.judge(got)
}

// judgeCall is the verdict about a call over gRPC that failed.
func judgeCall(err error) verdict {
	s := status.Convert(err)
	info := infoOf(s)
	switch {
	case s.Code() == codes.ResourceExhausted && info.GetReason() == "OVERLOADED":
		return verdict{shed, s.Message()}
	case s.Code() == codes.Unavailable && info.GetReason() == "UNAVAILABLE":
		return verdict{refused, s.Message()} // a stopping server says that it has not taken this one
	case info != nil:
		return verdict{failed, s.Code().String() + " " + info.GetReason() + " " + s.Message()}
	}
	return verdict{judgeTransport(s.Code(), s.Message()), s.Code().String() + " " + s.Message()}
}

// judgeTransport tells what an error of no server's means. grpc-go repeats by itself what it knows that nobody took, so a call that is
// unavailable because nobody could be reached was taken by nobody; every other end of a connection may have lost a call.
func judgeTransport(code codes.Code, message string) kind {
	switch {
	case code == codes.DeadlineExceeded || code == codes.Canceled:
		return lost
	case code != codes.Unavailable:
		return failed
	case strings.Contains(message, "while dialing") || strings.Contains(message, "connection refused") || strings.Contains(message, "error reading server preface"):
		return refused
	case slices.ContainsFunc(brokenWords, func(w string) bool { return strings.Contains(message, w) }):
		return lost
	}
	return failed
}

// brokenWords are what grpc-go says of connections that end under a call.
var brokenWords = []string{"error reading from server", "transport is closing", "connection reset", "broken pipe", "EOF", "closing transport", "keepalive"}

// infoOf is the detail with the reason; an error that no server of ours made has none.
func infoOf(s *status.Status) *errdetails.ErrorInfo {
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info
		}
	}
	return nil
}

// judgeDial is the verdict about a request over REST that had no answer.
func judgeDial(err error) verdict {
	if strings.Contains(err.Error(), "connect: ") || errors.Is(err, context.Canceled) {
		return verdict{refused, err.Error()}
	}
	return verdict{lost, err.Error()}
}
