package translate_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/durationpb"
)

// readRows reads the table without package catalog, so that no expectation depends on its reader.
func readRows(t *testing.T) []map[string]string { return readTable(t, "codes.tsv") }

func readTable(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open("../catalog/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = '\t', true
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) < 2 {
		t.Fatal("no rows")
	}
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// TestTranslate_EveryCode compares the whole translation of every row of the table in every language.
func TestTranslate_EveryCode(t *testing.T) {
	translator, advice := newTranslator(t), readAdvice(t)
	for _, row := range readRows(t) {
		for _, locale := range []string{"en", "zh-CN"} {
			t.Run(row["code"]+"/"+locale, func(t *testing.T) {
				got := translator.Translate(plain(httpOf(row), row["code"], "upstream's words"), locale).Translation
				want := wanted(row, locale, advice.ofReason[row["reason"]][locale])
				if diff := cmp.Diff(want, unpacked(t, got), protocmp.Transform()); diff != "" {
					t.Errorf("%s (-want +got)\n%s", row["code"], diff)
				}
			})
		}
	}
}

// httpOf is the HTTP status of a row, or a likely one if none is documented.
func httpOf(row map[string]string) string {
	if row["http"] == "" {
		return "400"
	}
	return row["http"]
}

func plain(http, code, message string) translate.Response {
	status, _ := strconv.Atoi(http)
	body := fmt.Sprintf(`{"error_code":%q,"error_msg":%q}`, code, message)
	return translate.Response{Response: envelope.Response{HTTPStatus: status, Body: []byte(body)}}
}

// A flat translation has its details unpacked, in order.
type flat struct {
	Code    int32
	Message string
	Locale  string
	Details []proto.Message
}

func unpacked(t *testing.T, got *errorv1.Translation) flat {
	t.Helper()
	f := flat{Code: got.GetStatus().GetCode(), Message: got.GetStatus().GetMessage(), Locale: got.GetLocale()}
	for _, packed := range got.GetStatus().GetDetails() {
		m, err := packed.UnmarshalNew()
		if err != nil {
			t.Fatal(err)
		}
		f.Details = append(f.Details, m)
	}
	return f
}

// wanted is what a row says, detail by detail in the contract's order.
func wanted(row map[string]string, locale, advice string) flat {
	if row["status"] == "OK" {
		return flat{Locale: locale}
	}
	f := flat{Code: code.Code_value[row["status"]], Message: row["en"], Locale: locale}
	f.Details = append(f.Details,
		&errdetails.ErrorInfo{Reason: row["reason"], Domain: "cbc.huaweicloud.com", Metadata: map[string]string{
			"code": row["code"], "httpStatus": httpOf(row), "locale": locale, "message": row[locale], "advice": advice, "retry": row["retry"],
			"outcome": row["outcome"], "match": "EXACT", "upstreamMessage": "upstream's words",
		}},
		wantedCbcError(row),
		&errdetails.LocalizedMessage{Locale: locale, Message: row[locale]})
	if wait, err := time.ParseDuration(row["wait"]); err == nil {
		f.Details = append(f.Details, &errdetails.RetryInfo{RetryDelay: durationpb.New(wait)})
	}
	for _, kind := range []string{"field", "precondition", "quota", "resource"} {
		if names := detailOf(row, kind); names != nil {
			f.Details = append(f.Details, wantedDetail(kind, names, row["en"]))
		}
	}
	if row["source"] == "page" {
		f.Details = append(f.Details, &errdetails.Help{Links: []*errdetails.Help_Link{{
			Description: "Huawei Cloud's page of error codes (in Chinese)",
			Url:         "https://support.huaweicloud.com/api-bpconsole/zh-cn_topic_0081766005.html",
		}}})
	}
	return f
}

func wantedCbcError(row map[string]string) *errorv1.CbcError {
	digits, _ := strconv.Atoi(strings.TrimPrefix(row["code"], "CBC."))
	status, _ := strconv.Atoi(httpOf(row))
	return &errorv1.CbcError{
		Code: errorv1.ErrorCode(digits), RawCode: row["code"], HttpStatus: int32(status),
		Reason:  errorv1.ErrorReason(value(errorv1.ErrorReason(0), "ERROR_REASON_"+row["reason"])),
		Retry:   errorv1.RetryAdvice(value(errorv1.RetryAdvice(0), "RETRY_ADVICE_"+row["retry"])),
		Outcome: errorv1.Outcome(value(errorv1.Outcome(0), "OUTCOME_"+row["outcome"])),
		Match:   errorv1.Match_MATCH_EXACT, UpstreamMessage: "upstream's words",
	}
}

// value finds an enum value by its name, in the descriptor.
func value(enum protoreflect.Enum, name string) protoreflect.EnumNumber {
	v := enum.Descriptor().Values().ByName(protoreflect.Name(name))
	if v == nil {
		return -1
	}
	return v.Number()
}

func detailOf(row map[string]string, kind string) []string {
	for part := range strings.FieldsSeq(row["detail"]) {
		if names, ok := strings.CutPrefix(part, kind+":"); ok {
			return strings.Split(names, ",")
		}
	}
	return nil
}

func wantedDetail(kind string, names []string, text string) proto.Message {
	switch kind {
	case "precondition":
		return &errdetails.PreconditionFailure{Violations: []*errdetails.PreconditionFailure_Violation{{Type: names[0], Description: text}}}
	case "quota":
		return &errdetails.QuotaFailure{Violations: []*errdetails.QuotaFailure_Violation{{QuotaMetric: names[0], Description: text}}}
	case "resource":
		return &errdetails.ResourceInfo{ResourceType: "cbc.huaweicloud.com/" + names[0], Description: text}
	}
	m := &errdetails.BadRequest{}
	for _, name := range names {
		m.FieldViolations = append(m.FieldViolations, &errdetails.BadRequest_FieldViolation{Field: name, Description: text})
	}
	return m
}
