package rpc

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// StreamTranslate answers each request of a stream before it reads the next: order is kept, and a client that does not
// read its answers is not read from either, so that memory has a bound.
func (s *translationService) StreamTranslate(stream grpc.BidiStreamingServer[errorv1.StreamTranslateRequest, errorv1.StreamTranslateResponse]) error {
	for {
		request := new(errorv1.StreamTranslateRequest)
		err := stream.RecvMsg(request) // not Recv: the id counts even where the rest is bad
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && !aboutOneMessage(err):
			return err
		}
		answer := &errorv1.StreamTranslateResponse{Id: clip(request.GetId()), Result: s.streamed(stream, request, err)}
		if err := stream.Send(answer); err != nil {
			return err
		}
	}
}

func (s *translationService) streamed(stream grpc.ServerStream, r *errorv1.StreamTranslateRequest, err error) *errorv1.TranslateResult {
	if err == nil {
		err = checkText("id", r.GetId(), maxID)
	}
	if err != nil {
		return failure(err)
	}
	return s.result(stream.Context(), "request.", r.GetRequest())
}

// aboutOneMessage tells the server's verdict on a message from the end of the stream.
func aboutOneMessage(err error) bool {
	st := status.Convert(err)
	if st.Code() != codes.InvalidArgument && st.Code() != codes.ResourceExhausted {
		return false
	}
	for _, detail := range st.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info.GetDomain() == Domain
		}
	}
	return false
}

// clip cuts what is echoed of an id that is too long.
func clip(id string) string {
	if len(id) <= maxID {
		return id
	}
	return fmt.Sprintf("%.64s", strings.ToValidUTF8(id, "?"))
}
