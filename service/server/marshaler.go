package server

import (
	"errors"
	"fmt"
	"io"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/api/httpbody"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// A marshaler writes answers as the service does, and reads strictly: a field nobody knows is a mistake that the caller
// wants to hear of. It takes the body of a google.api.HttpBody as it is.
type marshaler struct {
	runtime.JSONPb
	json func(proto.Message) ([]byte, error)
	read func([]byte, proto.Message) bool // nil where there is no short way to read
}

// jsonReader is a service that reads the JSON of usual requests a shorter way than protobuf does, or leaves it and the message
// alone.
type jsonReader interface {
	ReadJSON([]byte, proto.Message) bool
}

func newMarshaler(service Service) *marshaler {
	m := &marshaler{json: service.JSON}
	if r, ok := service.(jsonReader); ok {
		m.read = r.ReadJSON
	}
	return m
}

// Marshal implements runtime.Marshaler.
func (m *marshaler) Marshal(v any) ([]byte, error) {
	if message, ok := v.(proto.Message); ok {
		return m.json(message)
	}
	return m.JSONPb.Marshal(v)
}

// NewDecoder reads the whole body, which ServeHTTP has limited.
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
			return fmt.Errorf("no message to read into but a %T", target)
		}
		if len(body) == 0 {
			return io.EOF
		}
		if m.read != nil && m.read(body, message) {
			return nil
		}
		if len(body) > largeBytes && valuesOf(body) > maxValues {
			return errors.New(tooManyValues)
		}
		if err := protojson.Unmarshal(body, message); err != nil {
			return fmt.Errorf("not the JSON of a %s: %s", message.ProtoReflect().Descriptor().Name(), fault(err))
		}
		return nil
	})
}
