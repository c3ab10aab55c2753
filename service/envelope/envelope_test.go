package envelope_test

import (
	"strings"
	"testing"
	"time"

	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/google/go-cmp/cmp"
)

// found is what a test wants to know of an envelope.
type found struct {
	Form                             envelope.Form
	Shape, Service, Code, Message    string
	RequestID, Authorization, Domain string
}

func open(status int, body string) found {
	e := envelope.Open(envelope.Response{HTTPStatus: status, Body: []byte(body)})
	return found{e.Form, e.Shape, e.Service, e.Code, e.Message, e.RequestID, e.Authorization, e.DomainID}
}

// TestShapes has a body for every shape of the list, and for what must not be taken for one.
func TestShapes(t *testing.T) {
	for _, c := range []struct {
		name, body string
		status     int
		want       found
	}{
		{"plain", `{"error_code":"CBC.0151","error_msg":"m"}`, 403, found{envelope.JSON, "plain", "", "CBC.0151", "m", "", "", ""}},
		{"plain, code last", `{"data":{"a":[1,{"error_code":"no"}]},"error_msg":"m","error_code":"CBC.0151"}`, 200, found{envelope.JSON, "plain", "", "CBC.0151", "m", "", "", ""}},
		{"plain, keys in another case", `{"Error_Code":"CBC.0151","ERROR_MSG":"m"}`, 403, found{envelope.JSON, "plain", "", "CBC.0151", "m", "", "", ""}},
		{"plain, last of two counts", `{"error_code":"A.1","error_code":"CBC.0151"}`, 403, found{envelope.JSON, "plain", "", "CBC.0151", "", "", "", ""}},
		{"plain, number", `{"error_code":99003651}`, 400, found{envelope.JSON, "plain", "", "99003651", "", "", "", ""}},
		{"plain, code without message", `{"error_code":"CBC.0151","data":1}`, 403, found{envelope.JSON, "plain", "", "CBC.0151", "", "", "", ""}},
		{"plain, message without code", `{"error_msg":"m"}`, 403, found{envelope.JSON, "plain", "", "", "m", "", "", ""}},
		{"plain, null code", `{"error_code":null,"error_msg":"m"}`, 500, found{envelope.JSON, "plain", "", "", "m", "", "", ""}},
		{"plain, blank code", `{"error_code":" ","error_msg":"m"}`, 500, found{envelope.JSON, "plain", "", "", "m", "", "", ""}},
		{"rendered by an SDK", `{"status_code":403,"request_id":"r","error_code":"CDN.1","error_message":"m","encoded_authorization_message":"a"}`, 403, found{envelope.JSON, "plain", "", "CDN.1", "m", "r", "a", ""}},
		{"koogallery", `{"resultCode":"CBC.0250","resultMsg":"m"}`, 406, found{envelope.JSON, "koogallery", "koogallery", "CBC.0250", "m", "", "", ""}},
		{"console", `{"exceptionId":"CBC.0101","descArgs":["m","n"]}`, 200, found{envelope.JSON, "console", "", "CBC.0101", "m", "", "", ""}},
		{"data service", `{"retCode":"CBC.0000","retDesc":null,"results":[{"code":"SUCCESS"}]}`, 200, found{envelope.JSON, "data service", "", "CBC.0000", "", "", "", ""}},
		{"nested plain", `{"error":{"error_code":"CDN.0","error_msg":"m"}}`, 400, found{envelope.JSON, "nested plain", "", "CDN.0", "m", "", "", ""}},
		{"nested", `{"error":{"code":"IMG.0008","message":"m"}}`, 400, found{envelope.JSON, "nested", "", "IMG.0008", "m", "", "", ""}},
		{"nested, number that repeats the status", `{"error":{"code":401,"message":"m"}}`, 401, found{envelope.JSON, "nested", "", "", "m", "", "", ""}},
		{"flat", `{"code":"CBC.99005003","message":"m"}`, 400, found{envelope.JSON, "flat", "", "CBC.99005003", "m", "", "", ""}},
		{"flat on 200 with a service's code", `{"code":"CBC.3144","message":"m"}`, 200, found{envelope.JSON, "flat", "", "CBC.3144", "m", "", "", ""}},
		{"plain before nested", `{"error":{"code":"IAM.2","message":"n"},"error_code":"CBC.0151","error_msg":"m"}`, 403, found{envelope.JSON, "plain", "", "CBC.0151", "m", "", "", ""}},
		{"wrapped under any key", `{"fault":{"code":"ERR.X","message":"m"}}`, 500, found{envelope.JSON, "wrapped", "", "ERR.X", "m", "", "", ""}},
		{"overload", `{"status":429}`, 200, found{envelope.JSON, "overload", "", "", "429", "", "", ""}},
		{"a status of the business", `{"status":"4290"}`, 200, found{Form: envelope.JSON}},
		{"data with a code of its own on 200", `{"code":"SUCCESS","result":{"code":"cn-north-4","message":"x"}}`, 200, found{envelope.JSON, "wrapped", "", "", "x", "", "", ""}},
		{"domain", `{"error_code":"CBC.99000050","domain_id":"d"}`, 500, found{envelope.JSON, "plain", "", "CBC.99000050", "", "", "", "d"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, open(c.status, c.body)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestForms has a body for every form; what is not JSON is the message as a whole.
func TestForms(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       found
	}{
		{"nothing", "", found{Form: envelope.Empty}},
		{"blanks", " \r\n", found{Form: envelope.Empty}},
		{"text", "Blocked by olc\n", found{Form: envelope.Text, Message: "Blocked by olc"}},
		{"text that begins as a number", "404 page not found", found{Form: envelope.Text, Message: "404 page not found"}},
		{"HTML", "<html></html>", found{Form: envelope.Text, Message: "<html></html>"}},
		{"invalid UTF-8", "\xff\xfe!", found{Form: envelope.Text, Message: "\ufffd!"}},
		{"object without anything known", `{"a":1}`, found{Form: envelope.JSON, Message: `{"a":1}`}},
		{"byte order mark", "\ufeff{\"error_code\":\"A.1\"}", found{Form: envelope.JSON, Shape: "plain", Code: "A.1"}},
		{"breaks off behind the code", `{"error_code":"A.1","error_msg":"x`, found{Form: envelope.Broken, Shape: "plain", Code: "A.1"}},
		{"breaks off within a number", `{"error_code":100`, found{Form: envelope.Broken, Message: `{"error_code":100`}},
		{"breaks off behind a number", `{"error_code":100,`, found{Form: envelope.Broken, Shape: "plain", Code: "100"}},
		{"wrapped under a key with a place of its own", `{"retCode":{"code":"ERR.X","message":"m"}}`, found{Form: envelope.JSON, Shape: "wrapped", Code: "ERR.X", Message: "m"}},
		{"breaks off within the code", `{"error_code":"A.1`, found{Form: envelope.Broken, Message: `{"error_code":"A.1`}},
		{"something behind it", `{"error_code":"A.1"} trailing`, found{Form: envelope.Broken, Shape: "plain", Code: "A.1"}},
		{"lone surrogate", `{"error_code":"A.1","error_msg":"\ud800"}`, found{Form: envelope.JSON, Shape: "plain", Code: "A.1", Message: "\ufffd"}},
		{"1,000 deep", `{"x":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `,"error_code":"A.1"}`, found{Form: envelope.JSON, Shape: "plain", Code: "A.1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, open(400, c.body)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A part is what a test wants to know of an item.
type part struct{ ID, Code, Message, Kind string }

// TestItems: the parts that failed, in order, from every list; those that succeeded are left out.
func TestItems(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       []part
	}{
		{"resources", `{"fail_resource_infos":[{"resource_id":"r","error_code":"CBC.1","error_msg":"m"},{"error_code":"CBC.2"}]}`,
			[]part{{ID: "r", Code: "CBC.1", Message: "m", Kind: "Resource"}, {Code: "CBC.2", Kind: "Resource"}}},
		{"details", `{"error_details":[{"id":7,"error_code":"CBC.1"},{"id":"ok"}]}`, []part{{ID: "7", Code: "CBC.1"}}},
		{"expired resources take the code of the whole", `{"expiredResourceIds":["a","b"],"error_code":"CBC.9","error_msg":"m"}`,
			[]part{{ID: "a", Code: "CBC.9", Message: "m", Kind: "Resource"}, {ID: "b", Code: "CBC.9", Message: "m", Kind: "Resource"}}},
		{"no list", `{"error_details":null,"fail_resource_infos":{}}`, nil},
		{"empty lists", `{"error_details":[],"fail_resource_infos":[]}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []part
			for item := range envelope.Open(envelope.Response{HTTPStatus: 200, Body: []byte(c.body)}).Items() {
				got = append(got, part{item.ID, item.Code, item.Message, item.Kind})
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestComplaints: a name for each thing that did not pass, the best that an object has.
func TestComplaints(t *testing.T) {
	body := `{"errorItems":["a",""],"quota_infos":[{"cloud_service_type":"c","resource_spec_code":"s","resource_type":"t"},{"resource_type":"u"},{}],
		"enterprise_project_auth_result":[{"enterprise_project_name":"n","enterprise_project_id":"p"}]}`
	got := envelope.Open(envelope.Response{HTTPStatus: 400, Body: []byte(body)}).Complaints
	want := []envelope.Complaint{{Name: "a"}, {"quota", "s"}, {"quota", "u"}, {Detail: "quota"}, {"precondition", "p"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestWaits: Retry-After in both forms and the window of a message, and what is neither.
func TestWaits(t *testing.T) {
	const date = "Sun, 01 Nov 2026 10:00:00 GMT"
	for _, c := range []struct {
		name          string
		headers       map[string]string
		message       string
		after, window time.Duration // -1 is none
	}{
		{"nothing", nil, "", -1, -1},
		{"seconds", map[string]string{"RETRY-AFTER": " 120 "}, "", 2 * time.Minute, -1},
		{"zero", map[string]string{"retry-after": "0"}, "", 0, -1},
		{"more digits than a number has", map[string]string{"Retry-After": strings.Repeat("9", 40)}, "", 24 * time.Hour, -1},
		{"negative", map[string]string{"Retry-After": "-1"}, "", -1, -1},
		{"fraction", map[string]string{"Retry-After": "1.5"}, "", -1, -1},
		{"date and Date", map[string]string{"Retry-After": "Sun, 01 Nov 2026 10:00:30 GMT", "date": date}, "", 30 * time.Second, -1},
		{"date before Date", map[string]string{"Retry-After": "Sun, 01 Nov 2026 09:00:00 GMT", "Date": date}, "", 0, -1},
		{"date without Date", map[string]string{"Retry-After": date}, "", -1, -1},
		{"first of two names in sorted order", map[string]string{"retry-after": "2", "Retry-After": "1"}, "", time.Second, -1},
		{"window in seconds", nil, "over ratelimit,limit:5,time:5 second", -1, 5 * time.Second},
		{"window in minutes", nil, "over ratelimit,limit:5,time:2 minutes.", -1, 2 * time.Minute},
		{"window without a limit", nil, "time:5 second", -1, -1},
		{"window of nonsense", nil, "limit:5,time:XX second", -1, -1},
		{"window in an unknown unit", nil, "limit:5,time:1 fortnight", -1, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := envelope.Open(envelope.Response{HTTPStatus: 429, Headers: c.headers, Body: []byte(c.message)})
			if got := orNone(e.RetryAfter); got != c.after {
				t.Errorf("Retry-After %v, want %v", got, c.after)
			}
			if got := orNone(e.Window); got != c.window {
				t.Errorf("window %v, want %v", got, c.window)
			}
		})
	}
}

func orNone(d *time.Duration) time.Duration {
	if d == nil {
		return -1
	}
	return *d
}

// TestRequestID: the header's counts before the body's.
func TestRequestID(t *testing.T) {
	body := []byte(`{"request_id":"b"}`)
	for want, headers := range map[string]map[string]string{"h": {"x-request-id": "h"}, "b": {"X-Request-Id": ""}} {
		if got := envelope.Open(envelope.Response{HTTPStatus: 400, Headers: headers, Body: body}).RequestID; got != want {
			t.Errorf("%v: %q, want %q", headers, got, want)
		}
	}
}
