package translate_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"github.com/cbcerr/cbcerr/service/translate"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/anypb"
)

// A surrounding is a way to write a code into a body, with %s in its place.
type surrounding struct {
	name, body string
	certain    bool // whatever the HTTP status
	certainNot []int
}

// everySuccess are the HTTP statuses beside which data makes an answer uncertain. The status 0 is not known.
var everySuccess = []int{0, 200, 202, 299}

// noQuotes are the HTTP statuses on which a body does not quote the error of the call.
var noQuotes = []int{0, 200, 202, 299, 502, 504}

// noQuotesBesideData are those on which a text may tell of data beside the error, or quotes none.
var noQuotesBesideData = append(slices.Clone(noQuotes), 0)

// surroundings are shapes with neighbours of each kind. What each may mean was written down by hand.
var surroundings = []surrounding{
	{name: "plain pair", body: `{"error_code":%q,"error_msg":"m"}`, certain: true},
	{name: "camel case", body: `{"errorCode":%q,"errorMsg":"m"}`, certain: true},
	{name: "common keys", body: `{"code":%q,"message":"m"}`, certain: true},
	{name: "error object", body: `{"error":{"code":%q,"message":"m"},"request_id":"q"}`, certain: true},
	{name: "empty neighbours", body: `{"error_code":%q,"error_msg":"m","order_ids":[],"data":{},"total":null,"note":""}`, certain: true},
	{name: "request and trace", body: `{"error_code":%q,"error_msg":"m","request_id":"q","trace_id":"t","encoded_authorization_message":"e","errorItems":["name"]}`, certain: true},
	{name: "something behind it", body: `{"error_code":%q,"error_msg":"m"} </pre>`, certain: true, certainNot: everySuccess},
	{name: "a number beside it", body: `{"error_code":%q,"error_msg":"m","total":7}`, certain: true, certainNot: everySuccess},
	{name: "an order beside it", body: `{"order_id":"CS1","error_code":%q,"error_msg":"m"}`, certain: true, certainNot: everySuccess},
	{name: "an order beside the error object", body: `{"order":{"id":"CS1"},"error":{"error_code":%q,"error_msg":"m"}}`, certain: true, certainNot: everySuccess},
	{name: "an order in the error object", body: `{"error":{"error_code":%q,"error_msg":"m","order_id":"CS1"}}`, certain: true, certainNot: everySuccess},
	{name: "an object under a key for signs", body: `{"error_code":%q,"error_msg":"m","result":{"order_id":"CS1"}}`, certain: true, certainNot: everySuccess},
	{name: "success beside it", body: `{"error_code":%q,"error_msg":"m","success":true}`, certain: true, certainNot: everySuccess},
	{name: "failure beside it", body: `{"error_code":%q,"error_msg":"m","success":false,"result":"FAIL"}`, certain: true},
	{name: "second code in another message", body: `{"error_code":%q,"error_msg":"m","message":"CBC.99999999: n"}`},
	{name: "any object", body: `{"auto_pay":{"error_code":%q,"error_msg":"m"}}`},
	{name: "any object beside an order", body: `{"order_ids":["CS1"],"auto_pay":{"error_code":%q,"error_msg":"m"}}`},
	{name: "error object of another object", body: `{"result":{"error":{"code":%q,"message":"m"}}}`},
	{name: "list of errors", body: `{"errors":[{"error_code":%q,"error_msg":"m"}]}`},
	{name: "list under error", body: `{"error":[{"error_code":%q,"error_msg":"m"}]}`},
	{name: "array", body: `[{"error_code":%q,"error_msg":"m"}]`},
	{name: "JSON in a body", body: `{"statusCode":500,"body":"{\"error_code\":\"%s\"}"}`, certain: true, certainNot: noQuotes[1:]},
	{name: "JSON in the text of another key", body: `{"auto_pay":"{\"error_code\":\"%s\"}"}`},
	{name: "JSON in a message", body: `{"error_msg":"refused: {\"error_code\":\"%s\"}"}`, certain: true, certainNot: noQuotes},
	{name: "object in an object in a message", body: `{"error_msg":"refused: {x: {\"error_code\":\"%s\"}}"}`},
	{name: "text that begins with it", body: `{"error_msg":"%s: m"}`},
	{name: "second document", body: "{\"request_id\":\"q\"}\n{\"error_code\":%q,\"error_msg\":\"m\"}"},
	{name: "callback", body: `callback({"error_code":%q,"error_msg":"m"});`, certain: true, certainNot: noQuotes},
	{name: "log line", body: `[ERROR] refused: {"error_code":%q,"error_msg":"m"}`, certain: true, certainNot: noQuotes},
	{name: "escaped log line", body: `refused: {\"error_code\":\"%s\",\"error_msg\":\"m\"}`, certain: true, certainNot: noQuotes},
	{name: "labels", body: `refused { errorCode: %s, errorMsg: m }`, certain: true, certainNot: noQuotes},
	{name: "labels of a nested object", body: `refused { orders: 1, pay: { errorCode: %s, errorMsg: m } }`},
	{name: "labels and a second code", body: `refused { errorCode: %s, errorMsg: m } after CBC.99999999`},
	{name: "labels in two brackets", body: `refused(orders=1, pay=Pay[errorCode=%s, errorMsg=m])`},
	{name: "two labelled codes of a gateway", body: `refused { errorCode: %s, errorMsg: m } after errorCode: APIGW.0101, n`},
	{name: "an earlier attempt in a log line", body: `previous attempt: {"error_code":%q,"error_msg":"m"}; now the connection is lost`},
	{name: "numbered attempts", body: "attempt 1: {\"error_code\":%q,\"error_msg\":\"m\"}\nattempt 2: no answer"},
	{name: "a timeout behind labels", body: `{ errorCode: %s, errorMsg: m }, then read timed out`},
	{name: "an effect in a log line", body: `order CS1 created, payment refused: {"error_code":%q,"error_msg":"m"}`},
	{name: "an order in a log line", body: `order_id=CS1 refused: {"error_code":%q,"error_msg":"m"}`, certain: true, certainNot: noQuotesBesideData},
	{name: "page of a gateway", body: `<h1>504 Gateway Time-out</h1> errorCode: %s, errorMsg: m`},
	{name: "text that names a success", body: `status_code: 200, body: {"error_code":%q,"error_msg":"m"}`},
	{name: "earlier translation", body: `{"error_code":%q,"error_msg":"m","error_retry":"VERIFY_FIRST"}`},
	{name: "earlier translation in a log line", body: `refused: {"title":"t","detail":"m","code":%q,"retry":"VERIFY_FIRST","domain":"cbc.huaweicloud.com"}`},
	{name: "nested object in a log line", body: `refused: {"order_ids":["CS1"],"auto_pay":{"error_code":%q,"error_msg":"m"}}`},
	{name: "nested object in broken JSON in a log line", body: `refused: {"order_ids":["CS1"] "auto_pay":{"error_code":%q,"error_msg":"m"}}`},
	{name: "JSON that breaks off in a log line", body: `refused: {"error_code":%q,"error_msg":"m","order_`},
	{name: "YAML", body: "error_code: %s\nerror_msg: m", certain: true, certainNot: noQuotes},
	{name: "nested object in YAML", body: "order_ids:\n  - CS1\nauto_pay:\n  error_code: %s\n  error_msg: m"},
	{name: "nested list in YAML", body: "items:\n- error_code: %s\n  error_msg: m"},
	{name: "XML", body: "<?xml version=\"1.0\"?><error><error_code>%s</error_code></error>", certain: true, certainNot: noQuotes},
	{name: "nested object in XML", body: "<r><order_ids>CS1</order_ids><auto_pay><error_code>%s</error_code></auto_pay></r>"},
	{name: "nested object in TOML", body: "order_id = \"1\"\n[auto_pay]\nerror_code = \"%s\"\n"},
	{name: "code in words", body: `refused, see %s in the manual`},
	{name: "label", body: `{error_code:%q,error_msg:"m"}`},
	{name: "failed item beside it", body: `{"error_code":%q,"error_msg":"m","fail_resource_infos":[{"resource_id":"r-1"}]}`},
	{name: "expired item beside it", body: `{"error_code":%q,"error_msg":"m","expiredResourceIds":["r-1"]}`},
	{name: "second code in another object", body: `{"error_code":%q,"error_msg":"m","cause":{"error_code":"CBC.99999999","error_msg":"n"}}`},
	{name: "second code in a list", body: `{"error_code":[%q,"CBC.99999999"],"error_msg":"m"}`},
	{name: "second code beside it", body: `{"error_code":%q,"error_msg":"m","code":"CBC.99999999"}`},
	{name: "second code in its message", body: `{"error_code":%q,"error_msg":"after CBC.99999999"}`},
	{name: "second code in a text of another key", body: `{"error_code":%q,"error_msg":"m","cause":"CBC.99999999"}`},
	{name: "second code in an array of another key", body: `{"error_code":%q,"error_msg":"m","cause":["CBC.99999999"]}`},
	{name: "second code behind an escape", body: `{"error_code":%q,"error_msg":"m","note":"after\nCBC.99999999"}`},
	{name: "second code under the same key", body: `{"error_code":%q,"error_msg":"m","error_code":"CBC.99999999"}`},
	{name: "second code under the same key before it", body: `{"error_code":"CBC.99999999","error_code":%q,"error_msg":"m"}`},
	{name: "the same code in a text of another key", body: `{"error_code":%q,"error_msg":"m","cause":"%[1]s"}`, certain: true, certainNot: everySuccess},
	{name: "body that breaks off", body: `{"error_code":%q,"error_msg":"m","order_`},
}

// TestCertainty_EveryRow tests every code of the table in every surrounding with every kind of HTTP status: advice that
// lets a client act is given only if the response says just that the call was refused with this code.
func TestCertainty_EveryRow(t *testing.T) {
	translator := newTranslator(t)
	for i, row := range readRows(t) {
		if i%step != 0 || row["status"] == "OK" || row["code"] == "CBC.99006006" { // success has no advice, and the wrapper has the advice of another code
			continue
		}
		for _, s := range surroundings {
			for _, status := range slices.Concat(everySuccess, []int{302, 400, 403, 409, 429, 500, 502, 503, 504}) {
				got := translator.Translate(withBody(status, fmt.Sprintf(s.body, row["code"])), "en").Translation
				certain := s.certain && !slices.Contains(s.certainNot, status)
				if fault := misjudged(t, row, certain, got); fault != "" {
					t.Fatalf("%s, %s, HTTP %d: %s", row["code"], s.name, status, fault)
				}
			}
		}
	}
}

func withBody(status int, body string) translate.Response {
	return translate.Response{Response: envelope.Response{HTTPStatus: status, Body: []byte(body)}}
}

// misjudged returns what is wrong with the advice of a translation, or "".
func misjudged(t *testing.T, row map[string]string, certain bool, got *errorv1.Translation) string {
	t.Helper()
	info := infoOf(t, got.GetStatus())
	status, facts, waits := code.Code(got.GetStatus().GetCode()).String(), info.GetMetadata(), hasRetryInfo(got)
	switch {
	case got.GetStatus().GetCode() == 0:
		return "OK"
	case certain && facts["code"] == row["code"]:
		if want := []string{row["status"], row["retry"], row["outcome"]}; !slices.Equal(want, []string{status, facts["retry"], facts["outcome"]}) || waits != (row["wait"] != "") || facts["certain"] != "" {
			return fmt.Sprintf("%s %s %s, wait %t, certain %q; want %v", status, facts["retry"], facts["outcome"], waits, facts["certain"], want)
		}
	case facts["retry"] != "VERIFY_FIRST", facts["outcome"] != "UNKNOWN" && facts["outcome"] != "PARTIALLY_APPLIED", waits,
		slices.Contains([]string{"ABORTED", "UNAVAILABLE", "RESOURCE_EXHAUSTED"}, status) && facts["match"] != "UNRECOGNIZED":
		return fmt.Sprintf("%s %s %s, wait %t; it is not certain", status, facts["retry"], facts["outcome"], waits)
	}
	return ""
}

func hasRetryInfo(got *errorv1.Translation) bool {
	return slices.ContainsFunc(got.GetStatus().GetDetails(), func(d *anypb.Any) bool {
		return d.MessageIs(&errdetails.RetryInfo{})
	})
}

// TestCertainty_OrderOfKeys: the order of the keys of an object decides nothing.
func TestCertainty_OrderOfKeys(t *testing.T) {
	translator := newTranslator(t)
	bodies := map[string]translate.Response{}
	for _, c := range goldens(t) {
		bodies[c.Name] = response(c)
	}
	for i, s := range surroundings {
		bodies[s.name] = withBody([]int{200, 400}[i%2], fmt.Sprintf(s.body, "CBC.3144"))
	}
	bodies["items of several lists"] = withBody(200, `{"internalError":[{"id":"b"}],"error_details":[{"id":"a","error_code":"CBC.5002"}],"x":{"failDetail":{"d":{"error_msg":"m"},"c":{"error_msg":"n"}}}}`)
	bodies["codes of equal care"] = withBody(500, `{"b":{"code":"CBC.5003","message":"m"},"a":{"error_code":"CBC.7202","error_msg":"n"},"error":{"code":"CBC.0101"},"message":"o"}`)
	bodies["codes in several messages"] = withBody(404, `{"body":{"msg":"CBC.0250: m","resultMsg":"APIGW.0201: n","descArgs":"CBC.5003: o"}}`)
	bodies["status and text of an error"] = withBody(200, `{"error":"ok","code":400,"request_id":"q"}`)
	bodies["facts of several objects"] = withBody(400, `{"b":{"request_id":"q-b","error_code":"CBC.5003"},"a":{"request_id":"q-a","trace_id":"t"}}`)
	compared := 0
	for name, r := range bodies {
		document, ok := golden.Document(r.Body)
		if !ok {
			continue
		}
		compared++
		want := translator.Translate(reordered(r, document, golden.Ascending), "en").Translation
		got := translator.Translate(reordered(r, document, golden.Descending), "en").Translation
		if diff := cmp.Diff(want, got, protocmp.Transform(), golden.EquateDocuments()); diff != "" {
			t.Errorf("%s: (-ascending +descending)\n%s", name, diff)
		}
	}
	if compared < 50 {
		t.Errorf("%d bodies compared", compared)
	}
}

// reordered returns the response with the keys of all objects of its body in one order.
func reordered(r translate.Response, document any, order golden.Order) translate.Response {
	r.Body, r.Headers = golden.Marshal(document, order), maps.Clone(r.Headers)
	delete(r.Headers, "Content-Length")
	return r
}

// TestCertainty_Readme compares the README's conditions with those of an explanation, in their order.
func TestCertainty_Readme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(readme), "| condition | |\n|---|---|\n")
	var want []string
	for row := range strings.Lines(table) {
		if !strings.HasPrefix(row, "| `") {
			break
		}
		want = append(want, strings.Split(row, "`")[1])
	}
	var got []string
	for _, c := range newTranslator(t).Explain(withBody(400, `{"error_code":"CBC.3144"}`)).Conditions {
		got = append(got, c.Name)
	}
	if !slices.Equal(got, want) || len(want) != 6 {
		t.Errorf("conditions %q, the README has %q", got, want)
	}
}
