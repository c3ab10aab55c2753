// Package render writes a google.rpc.Status for those who do not read protobuf: as JSON, as a problem (RFC 9457), as
// the status and the headers of an HTTP response, as text for people. It knows the contract's messages and no
// catalogue; what it writes is in the status already.
//
//	body, err := render.JSON(status)
//	problem := render.NewProblem(status, http.StatusTooManyRequests, "")
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

// written has all fields, so that the code of a success is there to be compared.
var written = protojson.MarshalOptions{EmitDefaultValues: true}

// JSON writes a message as its protobuf JSON, with all fields. A detail of a type that is not known here, or that cannot
// be read, is written as a google.protobuf.Struct with its typeUrl and its value in base64: it costs no other detail.
func JSON(m proto.Message) ([]byte, error) {
	if text, ok := writeKnown(m); ok {
		return text, nil
	}
	return protoJSON(m)
}

// writeKnown writes a message that shapes has, from its bytes. It takes an eighth of the time of protojson, which every other message goes to.
func writeKnown(m proto.Message) (text []byte, ok bool) {
	w := writer{shapes: shapes()}
	if t, ok := m.(*errorv1.Translation); ok {
		w.out = make([]byte, 0, usualJSON)
		w.translation(t)
		return w.out, !w.unusual
	}
	s := w.shapes[m.ProtoReflect().Descriptor().FullName()]
	if s == nil {
		return nil, false
	}
	b, err := proto.Marshal(m)
	if err != nil {
		return nil, false
	}
	w.out = make([]byte, 0, 2*len(b))
	w.message(s, b)
	return w.out, !w.unusual
}

// usualJSON is more bytes than the JSON of most answers has.
const usualJSON = 2 << 10

// protoJSON writes any message. writeKnown writes the same, but for blanks.
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

// degrade replaces a detail that cannot be written by one that can. Inner ones come before those that hold them.
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
