package fakecbc

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// signedAt is when the requests of this test were signed, by version 0.1.207 of the SDK for Go.
var signedAt = time.Date(2026, 11, 29, 17, 18, 37, 0, time.UTC)

const (
	getRequest = `GET /v2/orders/customer-orders/details/CS%201/%C3%BC~?indirect_partner_id=a%20b%26c~%C3%A9&offset=3 HTTP/1.1
Host: 127.0.0.1:40569
Authorization: SDK-HMAC-SHA256 Access=FAKEACCESSKEY0000001, SignedHeaders=user-agent;x-domain-id;x-sdk-date, Signature=9fed0700a9ba4fc25f1ac2c6fdfb9b2709656268dad825867f384d3dc71a2dc1
Content-Type: application/json
User-Agent: huaweicloud-usdk-go/3.0; os/Debian_GNU/Linux#12_(bookworm)#amd64 go/go1.26.8; app/4d094a5c-5c9b-46cf-9b8b-5702eea534af
X-Domain-Id: d
X-Sdk-Date: 20261129T171837Z

`
	postRequest = `POST /v3/orders/customer-orders/pay HTTP/1.1
Host: 127.0.0.1:40569
Authorization: SDK-HMAC-SHA256 Access=FAKEACCESSKEY0000001, SignedHeaders=user-agent;x-domain-id;x-sdk-date, Signature=f005d9d620b6c0bebcea26a3fc60970c6db35c4b1c0e7e96c41d002aafe1e3bc
Content-Length: 57
Content-Type: application/json
User-Agent: huaweicloud-usdk-go/3.0; os/Debian_GNU/Linux#12_(bookworm)#amd64 go/go1.26.8; app/4d094a5c-5c9b-46cf-9b8b-5702eea534af
X-Domain-Id: d
X-Sdk-Date: 20261129T171837Z

{"order_id":"CS1","use_coupon":"NO","use_discount":"NO"}
`
)

// verifyText verifies a request as it is on the wire.
func verifyText(t *testing.T, k Keys, text string, now time.Time) error {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return k.verify(r, body, now)
}

func TestVerify_RequestsOfTheSDK(t *testing.T) {
	for _, request := range []string{getRequest, postRequest} {
		if err := verifyText(t, TestKeys, request, signedAt.Add(14*time.Minute)); err != nil {
			t.Error(err)
		}
	}
}

func TestVerify_Changed(t *testing.T) {
	for name, change := range map[string][2]string{
		"method":        {"POST ", "PUT "},
		"path":          {"/pay", "/pay2"},
		"query":         {"/pay", "/pay?a=b"},
		"body":          {"CS1", "CS2"},
		"signed header": {"X-Domain-Id: d", "X-Domain-Id: e"},
		"date":          {"X-Sdk-Date: 20261129T171837Z", "X-Sdk-Date: 20261129T171838Z"},
		"no date":       {"X-Sdk-Date: 20261129T171837Z", "X-Other: 1"},
		"date unsigned": {"user-agent;x-domain-id;x-sdk-date", "user-agent;x-domain-id"},
		"not sorted":    {"user-agent;x-domain-id;x-sdk-date", "user-agent;x-sdk-date;x-domain-id"},
		"access key":    {"FAKEACCESSKEY0000001", "FAKEACCESSKEY0000002"},
		"algorithm":     {"SDK-HMAC-SHA256", "SDK-HMAC-SM3"},
		"none":          {"Authorization", "X-Authorization"},
	} {
		if err := verifyText(t, TestKeys, strings.Replace(postRequest, change[0], change[1], 1), signedAt); err == nil {
			t.Errorf("%s: valid", name)
		}
	}
	for name, now := range map[string]time.Time{"late": signedAt.Add(16 * time.Minute), "early": signedAt.Add(-16 * time.Minute)} {
		if err := verifyText(t, TestKeys, postRequest, now); err == nil {
			t.Errorf("%s: valid", name)
		}
	}
	if err := verifyText(t, Keys{TestKeys.Access, "other"}, postRequest, signedAt); err == nil {
		t.Error("other secret: valid")
	}
}

// Host is a header that Go keeps elsewhere.
func TestVerify_Host(t *testing.T) {
	request := strings.Replace(getRequest, "user-agent;", "host;user-agent;", 1)
	err := verifyText(t, TestKeys, request, signedAt)
	if err == nil || !strings.Contains(err.Error(), "\nhost:127.0.0.1:40569\nuser-agent:") {
		t.Errorf("%v does not sign the host", err)
	}
}

func TestCanonicalQuery(t *testing.T) {
	r, err := http.NewRequest(http.MethodGet, "http://h/?b=2&a-=2&a=3&a=1&c", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := canonicalQuery(r.URL.Query()), "a=1&a=3&a-=2&b=2&c="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
