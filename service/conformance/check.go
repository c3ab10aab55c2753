package main

import (
	"fmt"
	"slices"
	"strings"

	errorv1 "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/conformance/gen/conformancev1"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/code"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
)

// check is what is wrong with a report, a text for each fault.
func check(r row, report *conformancev1.Report) []string {
	if report.GetFailure() != "" {
		return []string{report.GetFailure()}
	}
	if r.task.GetDoor() == conformancev1.Door_DOOR_CATALOG {
		return checkCatalog(report)
	}
	if got, want := len(report.GetReadings()), len(r.questions); got != want {
		return []string{fmt.Sprintf("%d readings of %d answers", got, want)}
	}
	var faults []string
	for i, q := range r.questions {
		f := &finder{about: fmt.Sprintf("question %d, %.120s", i, prototextOf(q))}
		f.question(r.task.GetDoor(), q, report.GetReadings()[i])
		faults = append(faults, f.faults...)
	}
	return faults
}

// A finder collects the faults of one reading.
type finder struct {
	about  string
	faults []string
}

// equal notes a difference between two messages of one type.
func (f *finder) equal(what string, want, got proto.Message, options ...cmp.Option) {
	if diff := cmp.Diff(want, got, append(options, protocmp.Transform())...); diff != "" {
		f.faults = append(f.faults, fmt.Sprintf("%s: %s (-want +got)\n%s", f.about, what, diff))
	}
}

// same notes a difference between two texts.
func (f *finder) same(what, want, got string) {
	if want != got {
		f.faults = append(f.faults, fmt.Sprintf("%s: %s is %q, want %q", f.about, what, got, want))
	}
}

func (f *finder) question(door conformancev1.Door, q *conformancev1.Question, got *conformancev1.Reading) {
	if q.GetWantRefused() != "" || got.GetRefused() != nil {
		info := unpack(got.GetRefused()).GetErrorInfo()
		f.same("refusal", "cbcerr "+q.GetWantRefused(), info.GetDomain()+" "+info.GetReason())
		return
	}
	f.consistent(got)
	if q.GetStatus() != nil {
		f.equal("status", q.GetStatus(), got.GetStatus())
	}
	if q.GetWant() != nil {
		f.view(q.GetWant(), got.GetError())
	}
	if q.WantCode != nil {
		f.same("code", q.GetWantCode().String(), code.Code(got.GetStatus().GetCode()).String())
	}
	if q.WantDetail != nil {
		f.same("detail", q.GetWantDetail(), cellOf(got.GetDetails()))
	}
	if q.GetWantTranslation() != nil {
		f.translation(door, q.GetWantTranslation(), got)
	}
}

// view holds a client's CbcError to the wanted one; an empty one is none.
func (f *finder) view(want, got *conformancev1.CbcErrorView) {
	if proto.Size(want) == 0 {
		want = nil
	}
	if got != nil && want != nil {
		got = proto.Clone(got).(*conformancev1.CbcErrorView)
		if want.ShouldRetry == nil {
			got.ShouldRetry = nil
		}
		if want.ShouldRetryIdempotent == nil {
			got.ShouldRetryIdempotent = nil
		}
	}
	f.equal("error", want, got)
}

// consistent holds a reading to itself: the details as the client has them by type are those of the status, but for fields
// that are newer than the client, which not every language keeps there; and what it knows of the code is what Go knows.
func (f *finder) consistent(got *conformancev1.Reading) {
	f.equal("details", unpack(got.GetStatus()), got.GetDetails(), protocmp.IgnoreUnknown())
	f.equal("meaning", meaningOf(got.GetError().GetNumber()), got.GetMeaning())
}

// translation holds a reading to a whole translation. Raise has the status alone.
func (f *finder) translation(door conformancev1.Door, want *errorv1.Translation, got *conformancev1.Reading) {
	f.equal("status", want.GetStatus(), got.GetStatus())
	f.view(viewOf(want.GetStatus()), got.GetError())
	raised := door == conformancev1.Door_DOOR_RAISE || door == conformancev1.Door_DOOR_REST_RAISE
	if !raised {
		f.same("locale", want.GetLocale(), got.GetLocale())
		f.items(want.GetItems(), got.GetItems())
	}
	switch door {
	case conformancev1.Door_DOOR_REST:
		f.json(want, got.GetJson(), new(errorv1.Translation))
	case conformancev1.Door_DOOR_REST_RAISE:
		f.json(want.GetStatus(), got.GetJson(), new(statuspb.Status))
	default:
	}
}

func (f *finder) items(want []*errorv1.FailedItem, got []*conformancev1.Reading) {
	if len(want) != len(got) {
		f.same("number of items", fmt.Sprint(len(want)), fmt.Sprint(len(got)))
		return
	}
	for i, item := range want {
		f.same("id of the item", item.GetId(), got[i].GetId())
		f.equal("status of the item", item.GetStatus(), got[i].GetStatus())
		f.view(viewOf(item.GetStatus()), got[i].GetError())
		f.consistent(got[i])
	}
}

// json holds the JSON that a client writes to the message that it read.
func (f *finder) json(want proto.Message, got string, into proto.Message) {
	if err := protojson.Unmarshal([]byte(got), into); err != nil {
		f.same("JSON "+got, "", err.Error())
		return
	}
	f.equal("JSON", want, into)
}

// checkCatalog holds what a client knows of each code to what the server's catalogue says. Codes of other systems have no
// number, so a client knows nothing of them.
func checkCatalog(report *conformancev1.Report) []string {
	ours := slices.DeleteFunc(slices.Clone(report.GetReadings()), func(r *conformancev1.Reading) bool { return r.GetEntry().GetNumber() == 0 })
	codes := errorv1.ErrorCode(0).Descriptor().Values().Len() - 1 // without the unspecified one
	f := &finder{about: "the catalogue"}
	f.same("number of codes", fmt.Sprint(codes), fmt.Sprint(len(ours)))
	for _, r := range ours {
		f.about = r.GetEntry().GetCode()
		f.equal("meaning", meaningOf(r.GetEntry().GetNumber()), r.GetMeaning())
		f.equal("entry", r.GetMeaning(), meaningOfEntry(r.GetEntry()))
	}
	return f.faults
}

func prototextOf(q *conformancev1.Question) string {
	return strings.Join(strings.Fields(fmt.Sprint(q.GetRequest(), q.GetStatus())), " ")
}
