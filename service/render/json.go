// Package render writes a google.rpc.Status in other forms: JSON, problem details (RFC 9457), the status and the header
// of an HTTP response, and text for people.
//
// It knows the messages of the contract and their standard details. It does not know the catalogue: everything that it
// writes is in the status, but for the words around it (Messages).
//
//	problem := render.NewProblem(status, http.StatusTooManyRequests, "")
//	body, err := problem.JSON()
package render

import (
	"encoding/base64"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protopath"
	"google.golang.org/protobuf/reflect/protorange"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/structpb"
)

// written emits all fields, so that clients can compare the code of a success with 0.
var written = protojson.MarshalOptions{EmitDefaultValues: true}

// JSON returns a message as protobuf JSON, with all fields. A detail that has an unknown type or cannot be parsed becomes a
// google.protobuf.Struct with its typeUrl and its value in base64.
func JSON(m proto.Message) ([]byte, error) {
	if text, ok := writeFast(m); ok {
		return text, nil
	}
	return protoJSON(m)
}

// writeFast writes a message of schemas from its bytes, in an eighth of the time of protojson. It returns false for any
// other message.
func writeFast(m proto.Message) (text []byte, ok bool) {
	w := writer{schemas: schemas()}
	if t, ok := m.(*errorv1.Translation); ok {
		w.out = make([]byte, 0, typicalSize)
		w.translation(t)
		return w.out, !w.unsupported
	}
	s := w.schemas[m.ProtoReflect().Descriptor().FullName()]
	if s == nil {
		return nil, false
	}
	b, err := proto.Marshal(m)
	if err != nil {
		return nil, false
	}
	w.out = make([]byte, 0, 2*len(b))
	w.message(s, b)
	return w.out, !w.unsupported
}

// typicalSize is enough for the JSON of most translations, in bytes.
const typicalSize = 2 << 10

// protoJSON writes any message. Its output differs from that of writeFast only in blanks.
func protoJSON(m proto.Message) ([]byte, error) {
	text, err := written.Marshal(m)
	if err == nil {
		return text, nil
	}
	degraded := proto.Clone(m)
	if err := (protorange.Options{}).Range(degraded.ProtoReflect(), nil, degrade); err != nil {
		return nil, err
	}
	return written.Marshal(degraded)
}

// degrade replaces a detail that cannot be written by a Struct. Range calls it for inner details first.
func degrade(path protopath.Values) error {
	message, ok := path.Index(-1).Value.Interface().(protoreflect.Message)
	if !ok {
		return nil
	}
	detail, ok := message.Interface().(*anypb.Any)
	if !ok {
		return nil
	}
	if _, err := written.Marshal(detail); err == nil {
		return nil
	}
	return detail.MarshalFrom(&structpb.Struct{Fields: map[string]*structpb.Value{
		"typeUrl": structpb.NewStringValue(strings.ToValidUTF8(detail.GetTypeUrl(), "?")),
		"value":   structpb.NewStringValue(base64.StdEncoding.EncodeToString(detail.GetValue())),
	}})
}
