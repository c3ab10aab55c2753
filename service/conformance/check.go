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

// check returns the faults of a response to a row.
func check(r row, response *conformancev1.Response) []string {
	if response.GetFailure() != "" {
		return []string{response.GetFailure()}
	}
	if r.request.GetEntryPoint() == conformancev1.EntryPoint_ENTRY_POINT_CATALOG {
		return checkCatalog(response)
	}
	if got, want := len(response.GetObservations()), len(r.steps); got != want {
		return []string{fmt.Sprintf("%d observations of %d steps", got, want)}
	}
	var faults []string
	for i, step := range r.steps {
		c := &checker{subject: fmt.Sprintf("step %d, %.120s", i, prototextOf(step))}
		c.step(r.request.GetEntryPoint(), step, response.GetObservations()[i])
		faults = append(faults, c.faults...)
	}
	return faults
}

// A checker collects the faults of one observation.
type checker struct {
	subject string
	faults  []string
}

// equal compares two messages of one type.
func (c *checker) equal(what string, want, got proto.Message, options ...cmp.Option) {
	if diff := cmp.Diff(want, got, append(options, protocmp.Transform())...); diff != "" {
		c.faults = append(c.faults, fmt.Sprintf("%s: %s (-want +got)\n%s", c.subject, what, diff))
	}
}

// same compares two texts.
func (c *checker) same(what, want, got string) {
	if want != got {
		c.faults = append(c.faults, fmt.Sprintf("%s: %s is %q, want %q", c.subject, what, got, want))
	}
}

func (c *checker) step(p conformancev1.EntryPoint, step *conformancev1.Step, got *conformancev1.Observation) {
	if step.GetWantRejected() != "" || got.GetRejected() != nil {
		info := detailsOf(got.GetRejected()).GetErrorInfo()
		c.same("rejection", "cbcerr "+step.GetWantRejected(), info.GetDomain()+" "+info.GetReason())
		return
	}
	c.consistent(got)
	if step.GetStatus() != nil {
		c.equal("status", step.GetStatus(), got.GetStatus())
	}
	if step.GetWant() != nil {
		c.view(step.GetWant(), got.GetError())
	}
	if step.WantCode != nil {
		c.same("code", step.GetWantCode().String(), code.Code(got.GetStatus().GetCode()).String())
	}
	if step.WantDetail != nil {
		c.same("detail", step.GetWantDetail(), detailCell(got.GetDetails()))
	}
	if step.GetWantTranslation() != nil {
		c.translation(p, step.GetWantTranslation(), got)
	}
}

// view compares the views of a CbcError. An empty want expects no error.
func (c *checker) view(want, got *conformancev1.CbcErrorView) {
	if proto.Size(want) == 0 {
		want = nil
	}
	if got != nil && want != nil {
		got = proto.CloneOf(got)
		if want.ShouldRetry == nil {
			got.ShouldRetry = nil
		}
		if want.ShouldRetryIdempotent == nil {
			got.ShouldRetryIdempotent = nil
		}
	}
	c.equal("error", want, got)
}

// consistent compares an observation with itself: its details with those of its status, its meaning with Go's. Unknown
// fields are ignored, because not every language keeps them.
func (c *checker) consistent(got *conformancev1.Observation) {
	c.equal("details", detailsOf(got.GetStatus()), got.GetDetails(), protocmp.IgnoreUnknown())
	c.equal("meaning", meaningOf(got.GetError().GetNumber()), got.GetMeaning())
}

// translation compares an observation with a translation. Raise returns its status only.
func (c *checker) translation(p conformancev1.EntryPoint, want *errorv1.Translation, got *conformancev1.Observation) {
	c.equal("status", want.GetStatus(), got.GetStatus())
	c.view(viewOf(want.GetStatus()), got.GetError())
	raised := p == conformancev1.EntryPoint_ENTRY_POINT_RAISE || p == conformancev1.EntryPoint_ENTRY_POINT_REST_RAISE
	if !raised {
		c.same("locale", want.GetLocale(), got.GetLocale())
		c.items(want.GetItems(), got.GetItems())
	}
	switch p {
	case conformancev1.EntryPoint_ENTRY_POINT_REST:
		c.json(want, got.GetJson(), new(errorv1.Translation))
	case conformancev1.EntryPoint_ENTRY_POINT_REST_RAISE:
		c.json(want.GetStatus(), got.GetJson(), new(statuspb.Status))
	default:
	}
}

func (c *checker) items(want []*errorv1.FailedItem, got []*conformancev1.Observation) {
	if len(want) != len(got) {
		c.same("number of items", fmt.Sprint(len(want)), fmt.Sprint(len(got)))
		return
	}
	for i, item := range want {
		c.same("id of the item", item.GetId(), got[i].GetId())
		c.equal("status of the item", item.GetStatus(), got[i].GetStatus())
		c.view(viewOf(item.GetStatus()), got[i].GetError())
		c.consistent(got[i])
	}
}

// json compares a message with the JSON that a client wrote of it.
func (c *checker) json(want proto.Message, got string, into proto.Message) {
	if err := protojson.Unmarshal([]byte(got), into); err != nil {
		c.same("JSON "+got, "", err.Error())
		return
	}
	c.equal("JSON", want, into)
}

// checkCatalog compares the meanings of a client with the server's catalogue. Codes of other systems have no number, so
// clients do not know them.
func checkCatalog(response *conformancev1.Response) []string {
	numbered := slices.DeleteFunc(slices.Clone(response.GetObservations()), func(o *conformancev1.Observation) bool { return o.GetEntry().GetNumber() == 0 })
	codes := errorv1.ErrorCode(0).Descriptor().Values().Len() - 1 // without the unspecified one
	c := &checker{subject: "catalogue"}
	c.same("number of codes", fmt.Sprint(codes), fmt.Sprint(len(numbered)))
	for _, o := range numbered {
		c.subject = o.GetEntry().GetCode()
		c.equal("meaning", meaningOf(o.GetEntry().GetNumber()), o.GetMeaning())
		c.equal("entry", o.GetMeaning(), meaningOfEntry(o.GetEntry()))
	}
	return c.faults
}

func prototextOf(step *conformancev1.Step) string {
	return strings.Join(strings.Fields(fmt.Sprint(step.GetRequest(), step.GetStatus())), " ")
}
