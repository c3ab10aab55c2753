package rpc

import (
	"errors"
	"fmt"
	"io"
	"strings"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// StreamTranslate sends one response for each request, in the same order. It receives the next request only after it
// has sent the previous response, so that flow control bounds the memory of a client that does not read.
func (s translationService) StreamTranslate(stream grpc.BidiStreamingServer[errorv1.StreamTranslateRequest, errorv1.StreamTranslateResponse]) error {
	preferences := languagePreferences(stream.Context())
	for {
		request := new(errorv1.StreamTranslateRequest)
		err := stream.RecvMsg(request) // unlike Recv, it keeps the ID of a message that cannot be decoded
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && !isMessageError(err):
			return err
		}
		if err == nil {
			err = validateString("id", request.GetId(), maxID)
		}
		response := &errorv1.StreamTranslateResponse{Id: truncateID(request.GetId()), Result: s.streamResult(preferences, request, err)}
		if err := stream.Send(response); err != nil {
			return err
		}
	}
}

// streamResult returns the result of a request, or of the error of receiving it.
func (s translationService) streamResult(preferences preferencesFunc, r *errorv1.StreamTranslateRequest, err error) *errorv1.TranslateResult {
	if err != nil {
		return toResult(nil, err)
	}
	t, err := s.translateOne(preferences, r.GetRequest())
	return toResult(t, prefixField("request.", err))
}

// isMessageError reports whether err concerns a single message, so that the stream can continue. The server's codec
// returns such errors with the service's own domain.
func isMessageError(err error) bool {
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

// truncateID returns the ID to send back: an ID over the limit is cut to 64 characters.
func truncateID(id string) string {
	if len(id) <= maxID {
		return id
	}
	return fmt.Sprintf("%.64s", strings.ToValidUTF8(id, "?"))
}
