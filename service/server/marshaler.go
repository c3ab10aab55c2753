package server

import (
	"fmt"
	"io"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/api/httpbody"
	"google.golang.org/protobuf/proto"
)

// A marshaler reads requests and encodes replies as the service does. A google.api.HttpBody takes the request body unparsed.
type marshaler struct {
	runtime.JSONPb
	service Service
}

// Marshal implements runtime.Marshaler.
func (m *marshaler) Marshal(v any) ([]byte, error) {
	if message, ok := v.(proto.Message); ok {
		return m.service.JSON(message)
	}
	return m.JSONPb.Marshal(v)
}

// NewDecoder implements runtime.Marshaler. It reads the whole body, which ServeHTTP has limited.
func (m *marshaler) NewDecoder(r io.Reader) runtime.Decoder {
	return runtime.DecoderFunc(func(target any) error {
		body, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		if raw, ok := target.(**httpbody.HttpBody); ok {
			*raw = &httpbody.HttpBody{Data: body}
			return nil
		}
		message, ok := target.(proto.Message)
		if !ok {
			return fmt.Errorf("cannot read into a %T", target)
		}
		if len(body) == 0 {
			return io.EOF
		}
		if err := m.service.ReadJSON(body, message); err != nil {
			return fmt.Errorf("not the JSON of a %s: %s", message.ProtoReflect().Descriptor().Name(), cleanMessage(err))
		}
		return nil
	})
}
