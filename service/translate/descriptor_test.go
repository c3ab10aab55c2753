package translate_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/durationpb"
)

// TestDescriptors_AgreeWithTable: a client that reads the option knows what the table knows.
func TestDescriptors_AgreeWithTable(t *testing.T) {
	values := errorv1.ErrorCode(0).Descriptor().Values()
	rows, reasons := readRows(t), readTable(t, "reasons.tsv")
	if values.Len() != len(rows)+1 {
		t.Fatalf("%d values, want the %d codes and the unspecified one: run go generate ./...", values.Len(), len(rows))
	}
	for _, row := range rows {
		v := values.ByName(protoreflect.Name("ERROR_CODE_" + strings.Replace(row["code"], ".", "_", 1)))
		if v == nil {
			t.Errorf("%s: no value: run go generate ./...", row["code"])
			continue
		}
		got := proto.GetExtension(v.Options(), errorv1.E_Meaning)
		if diff := cmp.Diff(meaningOf(row, reasons), got, protocmp.Transform()); diff != "" {
			t.Errorf("%s: run go generate ./... (-table +descriptor)\n%s", row["code"], diff)
		}
		if want := numberOf(row["code"]); int(v.Number()) != want {
			t.Errorf("%s has the number %d, want %d", row["code"], v.Number(), want)
		}
	}
}

func numberOf(code string) int {
	if code == "CBC.0000" {
		return 10000
	}
	n, _ := strconv.Atoi(strings.TrimPrefix(code, "CBC."))
	return n
}

func meaningOf(row map[string]string, reasons []map[string]string) *errorv1.Meaning {
	status, _ := strconv.Atoi(row["http"])
	m := &errorv1.Meaning{
		HttpStatus: int32(status), Status: code.Code(code.Code_value[row["status"]]),
		Reason:  errorv1.ErrorReason(value(errorv1.ErrorReason(0), "ERROR_REASON_"+row["reason"])),
		Retry:   errorv1.RetryAdvice(max(0, value(errorv1.RetryAdvice(0), "RETRY_ADVICE_"+row["retry"]))),
		Outcome: errorv1.Outcome(value(errorv1.Outcome(0), "OUTCOME_"+row["outcome"])),
	}
	for _, reason := range reasons {
		if reason["reason"] == row["reason"] {
			m.Advice = []*errdetails.LocalizedMessage{{Locale: "en", Message: reason["advice.en"]}, {Locale: "zh-CN", Message: reason["advice.zh-CN"]}}
		}
	}
	if wait, err := time.ParseDuration(row["wait"]); err == nil {
		m.Wait = durationpb.New(wait)
	}
	return m
}

// TestReasons_AgreeWithTable: every reason of reasons.tsv has its published number in the enum, and no other has one.
func TestReasons_AgreeWithTable(t *testing.T) {
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	values := errorv1.ErrorReason(0).Descriptor().Values()
	want := map[string]string{"ERROR_REASON_UNSPECIFIED": "0"}
	for _, r := range c.Reasons() {
		want["ERROR_REASON_"+r.Name] = fmt.Sprint(r.Number)
	}
	got := map[string]string{}
	for i := range values.Len() {
		got[string(values.Get(i).Name())] = fmt.Sprint(values.Get(i).Number())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("run go generate ./... (-table +descriptor)\n%s", diff)
	}
}
