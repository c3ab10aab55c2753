package envelope_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/google/go-cmp/cmp"
)

// A part holds the fields of an item that a test compares.
type part struct{ ID, Code, Message, Kind string }

func items(status int, body string) []part {
	var list []part
	for item := range envelope.Parse(envelope.Response{HTTPStatus: status, Body: []byte(body)}).Items() {
		list = append(list, part{item.ID, item.Code, item.Message, item.Kind})
	}
	return list
}

// itemCases are bodies of HTTP 200 and their failed items, in order.
var itemCases = []struct {
	name, body string
	want       []part
}{
	{"resources", `{"fail_resource_infos":[{"resource_id":"r","error_code":"CBC.1","error_msg":"m"},{"error_code":"CBC.2"}]}`,
		[]part{{"r", "CBC.1", "m", "Resource"}, {"", "CBC.2", "", "Resource"}}},
	{"ids that are numbers", `{"error_details":[{"id":7,"error_code":"CBC.1"},{"id":"ok","result":"SUCCESS"}]}`, []part{{"7", "CBC.1", "", ""}}},
	{"keys in another case", `{"FAILDETAIL":[{"Id":"a","Error_Code":"CBC.1"}]}`, []part{{"a", "CBC.1", "", ""}}},
	{"id of the resource before any other", `{"fail_resource_infos":[{"id":"x","resource_id":"r","error_code":"CBC.1"}]}`, []part{{"r", "CBC.1", "", "Resource"}}},
	{"message without a code", `{"error_details":[{"id":"a","error_msg":"m"},{"id":"b","message":"created"}]}`, []part{{"a", "", "m", ""}, {"b", "", "created", ""}}},
	{"error within a part", `{"error_details":[{"id":"a","error":{"code":"CBC.1","message":"m"}}]}`, []part{{"a", "CBC.1", "m", ""}}},
	{"lists in the order of their keys", `{"internalError":[{"id":"2","error_code":"CBC.2"}],"error_details":[{"id":"1","error_code":"CBC.1"}]}`,
		[]part{{"1", "CBC.1", "", ""}, {"2", "CBC.2", "", ""}}},
	{"last of two lists", `{"error_details":[{"id":"1","error_code":"CBC.1"}],"error_details":[{"id":"2","error_code":"CBC.2"}]}`, []part{{"2", "CBC.2", "", ""}}},
	{"lists of two objects", `{"a":{"error_details":[{"id":"1","error_code":"CBC.1"}]},"b":{"error_details":[{"id":"2","error_code":"CBC.2"}]}}`,
		[]part{{"1", "CBC.1", "", ""}, {"2", "CBC.2", "", ""}}},
	{"many lists without parts", `{` + strings.Repeat(`"a":{"details":[]},"a":{"details":7},`, 50) + `"error_details":[{"id":"1","error_code":"CBC.1"}]}`, []part{{"1", "CBC.1", "", ""}}},
	{"id of something else", `{"error_details":[{"owner":{"id":"x"},"error_code":"CBC.1"},{"resource_id":"","id":"b","error_code":"CBC.2"}]}`,
		[]part{{"", "CBC.1", "", ""}, {"b", "CBC.2", "", ""}}},
	{"results", `{"to_ondemand_service_results":[{"id":"a","result":"FAIL"},{"id":"b","result":"success","error_msg":"m"},{"id":"c","result":"Failed"},{"id":"d","result":"SUCCESS","error_code":"CBC.1"}]}`,
		[]part{{"a", "", "", "Resource"}, {"c", "", "", "Resource"}, {"d", "CBC.1", "", "Resource"}}},
	{"messages that hold the code", `{"error_details":[{"id":"a","error_msg":"CBC.0151: m"},{"id":"b","error_msg":"{\"error_code\":\"CBC.0002\"}"}]}`,
		[]part{{"a", "CBC.0151", "CBC.0151: m", ""}, {"b", "CBC.0002", `{"error_code":"CBC.0002"}`, ""}}},
	{"lists within parts", `{"error_details":[{"id":"1","error_code":"CBC.1","details":[{"code":"CBC.2"}]}]}`, []part{{"1", "CBC.1", "", ""}}},
	{"lists around JSON in a message", `{"details":[{"error_code":"CBC.1"}],"error_msg":"{\"error_code\":\"A.1\",\"error_details\":[{\"error_code\":\"CBC.2\"}]}"}`,
		[]part{{"", "CBC.1", "", ""}, {"", "CBC.2", "", ""}}},
	{"lists in a JSON string", `"{\"error_details\":[{\"id\":\"1\",\"error_code\":\"CBC.1\"}]}"`, []part{{"1", "CBC.1", "", ""}}},
	{"list that breaks off", `{"error_details":[{"id":"1","error_code":"CBC.1"},{"error_code":"CBC.2","id":"2`, []part{{"1", "CBC.1", "", ""}, {"", "CBC.2", "", ""}}},
	{"expired resources take the code of the whole", `{"expiredResourceIds":["a",7,null,["x"]],"error_code":"CBC.9","error_msg":"m"}`,
		[]part{{"a", "CBC.9", "m", "Resource"}, {"7", "CBC.9", "m", "Resource"}, {"", "CBC.9", "m", "Resource"}}},
	{"expired resources without a code", `{"expired_resource_ids":["a"]}`, []part{{"a", "", "", "Resource"}}},
	{"IDs alone", `{"error_details":["a",""],"failed_order_ids":["b"],"error_code":"CBC.9"}`, []part{{"a", "", "", ""}, {"b", "", "", ""}}},
	{"text in place of a list", `{"failDetail":"x","internalError":7,"error_details":"","fail_resource_infos":"[{\"resource_id\":\"r\"}]"}`, []part{{"x", "", "", ""}, {"r", "", "", "Resource"}}},
	{"object in place of a list", `{"fail_resource_infos":{"resource_id":"r","error_code":"CBC.0001"}}`, []part{{"r", "CBC.0001", "", "Resource"}}},
	{"map in place of a list", `{"fail_resource_infos":{"r1":{"error_code":"CBC.0001"},"r2":{"error_msg":"busy"},"r3":"locked"}}`,
		[]part{{"r1", "CBC.0001", "", "Resource"}, {"r2", "", "busy", "Resource"}, {"r3", "", "locked", "Resource"}}},
	{"list with an unknown key and codes", `{"resourceFailures":[{"id":"a","code":"CBC.0001"}],"errorList":[{"id":"b","error_code":"CBC.0002"},{"id":"c"}]}`,
		[]part{{"b", "CBC.0002", "", ""}, {"a", "CBC.0001", "", ""}}},
	{"list within a list of data", `{"orders":[{"id":"o","failResourceInfos":[{"resource_id":"r","error_code":"CBC.0001"}]}]}`, []part{{"r", "CBC.0001", "", "Resource"}}},
	{"results that failed", `{"results":[{"id":"a","success":false},{"id":"b","status":"FAILED"},{"id":"c","status":409},{"id":"d","status":200},{"id":"e"}]}`,
		[]part{{"a", "", "", ""}, {"b", "", "", ""}, {"c", "", "", ""}}},
	{"errors with IDs", `{"errors":[{"id":"a","code":"CBC.0001"},{"code":"CBC.0002"}]}`, []part{{"a", "CBC.0001", "", ""}}},
	{"array that is the body", `[{"id":"a","error_code":"CBC.0001"},{"id":"b","error_code":"CBC.0002"}]`, []part{{"a", "CBC.0001", "", ""}, {"b", "CBC.0002", "", ""}}},
	{"array of data that is the body", `[{"id":"a","error_code":"CBC.0001"},{"id":"b"}]`, nil},
	{"codes of products", `{"details":[{"id":"1","code":"SKU.1001"},{"id":"2","error_code":"0"},{"id":"3","error_code":"SUCCESS"},{"id":"4","errorMessage":"none"}]}`, nil},
	{"history", `{"orders":[{"id":"o","error_code":"CBC.0001"}],"failover_zones":["z"],"errorPages":["p"],"transfer_error_history":{"items":[{"error_code":"CBC.0001"}]}}`, nil},
	{"no list", `{"error_details":null,"fail_resource_infos":{},"failDetail":"","internalError":[]}`, nil},
	{"empty lists", `{"error_details":[],"fail_resource_infos":[{}]}`, nil},
}

// TestItems tests that failed items are found, and successful ones are left out.
func TestItems(t *testing.T) {
	for _, c := range itemCases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, items(200, c.body)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestParse_TooManyLists tests that a body with more lists than are kept is incomplete.
func TestParse_TooManyLists(t *testing.T) {
	for n, want := range map[int]bool{256: false, 257: true} {
		body := `{"error_code":"CBC.0000"`
		for i := range n {
			body += fmt.Sprintf(`,"a%d":{"details":[7]}`, i)
		}
		if got := envelope.Parse(envelope.Response{HTTPStatus: 200, Body: []byte(body + "}")}).Incomplete; got != want {
			t.Errorf("%d lists: incomplete %t, want %t", n, got, want)
		}
	}
}

// TestItems_InheritFromTheResponse tests that an item has the wait and service of the response, and its own window.
func TestItems_InheritFromTheResponse(t *testing.T) {
	body := `{"resultCode":"CBC.5020","error_details":[{"error_code":"APIG.0308","error_msg":"limit:5,time:2 second","errorItems":["a"]}]}`
	e := envelope.Parse(envelope.Response{HTTPStatus: 429, Headers: map[string]string{"Retry-After": "7"}, Body: []byte(body)})
	list := slices.Collect(e.Items())
	if len(list) != 1 {
		t.Fatalf("%d items, want 1", len(list))
	}
	for _, item := range list {
		if orNone(item.RetryAfter) != 7*time.Second || orNone(item.Window) != 2*time.Second || item.Service != "koogallery" || len(item.Violations) != 1 {
			t.Errorf("%+v", item)
		}
	}
}

// TestItems_OfAFailure tests that entries without a proper code are items of a failure, and data of a success.
func TestItems_OfAFailure(t *testing.T) {
	body := `{"error_code":"C.1","details":[{"code":"no such thing","message":"m"},{"message":"n"}]}`
	want := []part{{"", "no such thing", "m", ""}, {"", "", "n", ""}}
	if diff := cmp.Diff(want, items(403, body)); diff != "" {
		t.Errorf("403 (-want +got)\n%s", diff)
	}
	if got := items(200, body); got != nil {
		t.Errorf("200: %v", got)
	}
}

// TestItems_Unlimited tests that the number of items is not limited.
func TestItems_Unlimited(t *testing.T) {
	const n = 50_000
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"id":"ok","result":"SUCCESS"},{"id":"%d","error_code":"CBC.1"},`, i)
	}
	got := items(200, `{"error_details":[`+b.String()+`{}]}`)
	if len(got) != n || got[n-1].ID != fmt.Sprint(n-1) {
		t.Errorf("%d items", len(got))
	}
}

// TestParse_Violations tests that each entry is named by its best key, and of two equal lists the last counts.
func TestParse_Violations(t *testing.T) {
	body := `{"errorItems":["lost"],"errorItems":["a",""],"quota_infos":[{"cloud_service_type":"c","resource_spec_code":"s","resource_type":"t"},{"resource_type":"u"},{}],
		"enterprise_project_auth_result":[{"enterprise_project_name":"n","enterprise_project_id":"p"}]}`
	got := envelope.Parse(envelope.Response{HTTPStatus: 400, Body: []byte(body)}).Violations
	want := []envelope.Violation{{Detail: "precondition", Name: "p"}, {Name: "a"}, {Detail: "quota", Name: "s"}, {Detail: "quota", Name: "u"}, {Detail: "quota"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestItems_IterateTwice tests that an iteration may stop early and start again.
func TestItems_IterateTwice(t *testing.T) {
	e := envelope.Parse(envelope.Response{HTTPStatus: 200, Body: []byte(`{"error_details":[{"error_code":"CBC.1"},{"error_code":"CBC.2"}]}`)})
	for item := range e.Items() {
		if item.Code != "CBC.1" {
			t.Errorf("first item %q", item.Code)
		}
		break
	}
	if n := len(slices.Collect(e.Items())); n != 2 {
		t.Errorf("%d items, want 2", n)
	}
}
