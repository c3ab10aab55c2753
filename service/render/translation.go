package render

import (
	"strconv"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

// translation writes an answer to one request.
func (w *writer) translation(t *errorv1.Translation) {
	w.known(t)
	w.out = append(w.out, '{')
	if t.GetStatus() != nil {
		w.out = append(w.out, `"status":`...)
		w.status(t.GetStatus())
		w.out = append(w.out, ',')
	}
	w.out = append(w.out, `"locale":`...)
	w.text([]byte(t.GetLocale()))
	w.out = append(w.out, `,"items":[`...)
	for i, item := range t.GetItems() {
		w.comma(i)
		w.item(item)
	}
	w.out = append(w.out, `]}`...)
}

func (w *writer) item(item *errorv1.FailedItem) {
	w.known(item)
	w.out = append(w.out, `{"id":`...)
	w.text([]byte(item.GetId()))
	if item.GetStatus() != nil {
		w.out = append(w.out, `,"status":`...)
		w.status(item.GetStatus())
	}
	w.out = append(w.out, '}')
}

func (w *writer) status(s *statuspb.Status) {
	w.known(s)
	w.out = strconv.AppendInt(append(w.out, `{"code":`...), int64(s.GetCode()), 10)
	w.out = append(w.out, `,"message":`...)
	w.text([]byte(s.GetMessage()))
	w.out = append(w.out, `,"details":[`...)
	for i, detail := range s.GetDetails() {
		w.comma(i)
		w.known(detail)
		w.detail([]byte(detail.GetTypeUrl()), detail.GetValue())
	}
	w.out = append(w.out, `]}`...)
}

// known leaves a message with fields that have no name here to protojson.
func (w *writer) known(m proto.Message) {
	w.unusual = w.unusual || len(m.ProtoReflect().GetUnknown()) > 0
}

// comma stands before all elements but the first.
func (w *writer) comma(i int) {
	if i > 0 {
		w.out = append(w.out, ',')
	}
}
