package render

import (
	"strconv"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

// translation writes a translation.
func (w *writer) translation(t *errorv1.Translation) {
	w.checkUnknown(t)
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
	w.checkUnknown(item)
	w.out = append(w.out, `{"id":`...)
	w.text([]byte(item.GetId()))
	if item.GetStatus() != nil {
		w.out = append(w.out, `,"status":`...)
		w.status(item.GetStatus())
	}
	w.out = append(w.out, '}')
}

func (w *writer) status(s *statuspb.Status) {
	w.checkUnknown(s)
	w.out = strconv.AppendInt(append(w.out, `{"code":`...), int64(s.GetCode()), 10)
	w.out = append(w.out, `,"message":`...)
	w.text([]byte(s.GetMessage()))
	w.out = append(w.out, `,"details":[`...)
	for i, detail := range s.GetDetails() {
		w.comma(i)
		w.checkUnknown(detail)
		w.detail([]byte(detail.GetTypeUrl()), detail.GetValue())
	}
	w.out = append(w.out, `]}`...)
}

// checkUnknown sets unsupported if a message has unknown fields.
func (w *writer) checkUnknown(m proto.Message) {
	w.unsupported = w.unsupported || len(m.ProtoReflect().GetUnknown()) > 0
}

// comma writes a comma before every element but the first.
func (w *writer) comma(i int) {
	if i > 0 {
		w.out = append(w.out, ',')
	}
}
