package translate_test

import (
	"fmt"
	"testing"
)

// dataMembers are members of a body that hold data, under keys that look like those of errors.
var dataMembers = []string{
	`"failed_order_ids":"CS1"`, `"failover":{"order_id":"CS1"}`, `"error_data":{"order_ids":["CS1"]}`, `"orders_before_error":["CS1"]`,
	`"orders_before_error":[{"order_id":"CS1"}]`, `"failed_ids":"r1"`, `"fail_resource_infos":3`, `"expiredResourceIds":{"order_ids":["CS1"]}`,
	`"expiredResourceIds":"CS1"`, `"quota_infos":{"order_ids":["CS1"]}`, `"quota_infos":[{"order_ids":["CS1"]}]`, `"errorItems":[{"order_id":"CS1"}]`,
	`"error":[{"order_ids":["CS1"]}]`, `"error":["CS1"]`, `"message":[{"order_id":"CS1"}]`, `"request_id":["CS1"]`, `"domain_id":["CS1"]`,
	`"trace_id":{"order_id":"CS1"}`, `"errors":{"order_id":"CS1"}`, `"fail_reason":"CS1"`, `"results":["CS1"]`, `"responses":{"order_id":"CS1"}`,
}

// TestCertainty_DataNeighbours: data beside the error of a success makes the translation uncertain, whatever its key.
func TestCertainty_DataNeighbours(t *testing.T) {
	translator := newTranslator(t)
	for _, member := range dataMembers {
		for _, body := range []string{`{"error_code":%q,"error_msg":"busy",%s}`, `{%[2]s,"error_code":%[1]q}`, `{"error":{"code":%q,"message":"m",%s}}`} {
			for _, row := range []map[string]string{{"code": "CBC.99003651"}, {"code": "CBC.0250"}} {
				got := translator.Translate(withBody(200, fmt.Sprintf(body, row["code"], member)), "en").Translation
				if fault := misjudged(t, row, false, got); fault != "" {
					t.Errorf("%s, %s: %s", body, member, fault)
				}
			}
		}
	}
}

// TestSuccess_FailedIDText: a text under a key for a list of failed IDs is one ID.
func TestSuccess_FailedIDText(t *testing.T) {
	for _, body := range []string{`{"failed_order_ids":"CS1"}`, `{"code":"CBC.0000","failed_order_ids":"CS1"}`, `{"data":{"failedIds":"CS1"}}`} {
		got := newTranslator(t).Translate(withBody(200, body), "en")
		if got.Reason != "PARTIAL_FAILURE" || len(got.GetItems()) != 1 || got.GetItems()[0].GetId() != "CS1" {
			t.Errorf("%s: %s, items %v", body, got.Reason, got.GetItems())
		}
	}
}

// TestSuccess_CodeBehind: a code behind a success code denies the success.
func TestSuccess_CodeBehind(t *testing.T) {
	for _, status := range []int{0, 200} {
		got := newTranslator(t).Translate(withBody(status, "{\"error_code\":\"CBC.0000\"}\nthe payment failed with CBC.5003"), "en")
		if got.Reason != "UNRECOGNIZED_RESPONSE" {
			t.Errorf("HTTP %d: %s %s", status, got.StatusName, got.Reason)
		}
	}
}

// TestCertainty_Items: an item is judged by the same rules as a response. A second code in it makes its advice uncertain.
func TestCertainty_Items(t *testing.T) {
	for _, c := range []struct {
		name, member string
		certain      bool
	}{
		{"no other member", `"note":"busy"`, true},
		{"the same code", `"cause":"CBC.99003651"`, true},
		{"second code in a text", `"cause":"CBC.99003162"`, false},
		{"second code in an array", `"cause":["CBC.99003162"]`, false},
	} {
		body := fmt.Sprintf(`{"fail_resource_infos":[{"resource_id":"r1","error_code":"CBC.99003651","error_msg":"m",%s}]}`, c.member)
		items := newTranslator(t).Translate(withBody(400, body), "en").GetItems()
		if len(items) != 1 {
			t.Fatalf("%s: %d items", c.name, len(items))
		}
		want := map[bool]string{true: "BACKOFF", false: "VERIFY_FIRST"}[c.certain]
		if got := infoOf(t, items[0].GetStatus()).GetMetadata()["retry"]; got != want {
			t.Errorf("%s: %s, want %s", c.name, got, want)
		}
	}
}
