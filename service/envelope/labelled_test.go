package envelope_test

import (
	"testing"

	"github.com/cbcerr/cbcerr/service/envelope"
)

// TestParse_NamedStatus tests which numbers in a text are its HTTP status.
func TestParse_NamedStatus(t *testing.T) {
	checkTexts(t, func(e envelope.Envelope) int { return e.HTTPStatus }, map[string]int{
		"status_code:400":                           400,
		"{'_status_code': 400}":                     400,
		"<StatusCode>403</StatusCode>":              403,
		"if status_code < 500:\nstatus_code:400":    400,
		"if status_code >= 500 or status_code>400:": 400, // without blanks it may be the end of a tag
		"status_code == 404":                        0,
		"status_code != 200":                        0,
		"if (status > 499) status: 403":             403,
		"last_status_code: 500":                     0,
		"<h1>502 Bad Gateway</h1>":                  502,
		"504 Gateway Time-out":                      504,
		"400 Client Error: Bad Request":             400,
		"404 Orders were found, 403 Forbidden":      403,
		"port 45502 Bad Gateway":                    0,
		"502 Good Gateway":                          0,
	})
}

// TestParse_LabelledRequestID tests which values in a text are its request ID.
func TestParse_LabelledRequestID(t *testing.T) {
	checkTexts(t, func(e envelope.Envelope) string { return e.RequestID }, map[string]string{
		"request_id:q1,error_code:429":                    "q1",
		"request_id:,error_code:429":                      "",
		"request_id: None, trace: t":                      "",
		"requestId: undefined\nrequestId: q1":             "q1",
		"'_request_id': '', '_encoded_auth_msg': None":    "",
		"('X-Request-Id', 'q1')":                          "q1",
		"call(request_id, error)":                         "",
		"request_id=&quot;q1&quot;":                       "q1",
		"request_id=&#34;q1&#34;":                         "q1",
		`request_id:\nq1`:                                 "q1",
		"request_id=#q1":                                  "",
		"call(request_id, error) failed: request_id = q1": "q1",
	})
}

// TestParse_LabelledMessage tests where the message of a text begins and ends.
func TestParse_LabelledMessage(t *testing.T) {
	checkTexts(t, func(e envelope.Envelope) string { return e.Message }, map[string]string{
		"error_code:A.0001,error_msg:busy,request_id:q1 }":                                           "busy",
		"error_code:A.0001,error_msg:policy p over ratelimit,limit:10,time:1 minute,request_id:q1 }": "policy p over ratelimit,limit:10,time:1 minute",
		"fail(error_msg, response=self) error_code:A.0001,error_msg:busy }":                          "busy",
		`X{ErrorCode:"A.0001", ErrorMessage:"\"id\" is {null}", Details:nil}`:                        `"id" is {null}`,
		`{'_error_msg': "it's busy", '_error_code': 'A.0001', 'c': 1}`:                               "it's busy",
		`{'_error_msg': 'it\'s "busy"', '_error_code': 'A.0001', 'c': 1}`:                            `it's "busy"`,
		"X { errorMsg: `it's \"busy\" \\\\`, errorCode: 'A.0001' }":                                  `it's "busy" \`,
		`X { error: { code: 'A.0001', message: 'busy' }, errorMsg: 'other' }`:                        "busy",
		`X { httpStatusCode: 400, errorCode: 'A.0001', errorMsg: '[BSS] busy' }`:                     "[BSS] busy",
		`log: {errorCode: \"A.0001\", errorMsg: \"busy\", total: 1}`:                                 "busy",
		`X { errorCode: 'A.0001', errorMsg: '', requestId: 'q1' }`:                                   `X { errorCode: 'A.0001', errorMsg: '', requestId: 'q1' }`,
	})
}

// checkTexts compares what envelopes of texts hold.
func checkTexts[T comparable](t *testing.T, held func(envelope.Envelope) T, texts map[string]T) {
	t.Helper()
	for text, want := range texts {
		if got := held(parseText(text)); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func parseText(text string) envelope.Envelope {
	return envelope.Parse(envelope.Response{Body: []byte(text)})
}
