package rpc_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/test/testserver"
)

// GET responses have an ETag. A request with a matching tag gets 304 without a body.
func TestETag_ConditionalGet(t *testing.T) {
	t.Parallel()
	base := "http://" + testserver.StartSmall(t).HTTPAddr()
	seen := map[string]bool{}
	for _, path := range []string{"/v1/codes", "/v1/codes/CBC.0250", "/v1/codes?query=%E4%BD%99%E9%A2%9D&locale=zh-CN", "/v1/locales"} {
		first := get(t, base+path, "")
		tag := first.header("ETag")
		if len(tag) < 10 || !strings.HasPrefix(tag, `"`) || seen[tag] || first.header("Cache-Control") != "public, max-age=300" {
			t.Errorf("%s: ETag %s, Cache-Control %q", path, tag, first.header("Cache-Control"))
		}
		seen[tag] = true
		for _, k := range []struct {
			name, known string
			http        int
		}{
			{"same", tag, 304}, {"one of several", `"other", ` + tag, 304}, {"weak", "W/" + tag, 304}, {"any", "*", 304},
			{"other", `"other"`, 200}, {"garbage", "other", 200},
		} {
			again := get(t, base+path, k.known)
			if k.http == 304 && again.header("Content-Type") != "" {
				t.Errorf("%s, %s: Content-Type of nothing", path, k.name)
			}
			if again.StatusCode != k.http || again.header("ETag") != tag || again.header("Vary") != first.header("Vary") {
				t.Errorf("%s, %s: %s, ETag %s", path, k.name, again.Status, again.header("ETag"))
			}
			if k.http == 304 && len(again.body) > 0 || k.http == 200 && string(again.body) != string(first.body) {
				t.Errorf("%s, %s: %s", path, k.name, again.body)
			}
		}
	}
}

// Two servers of the same build return the same tag.
func TestETag_SameInReplicas(t *testing.T) {
	t.Parallel()
	var tags []string
	for range 2 {
		tags = append(tags, get(t, "http://"+testserver.StartSmall(t).HTTPAddr()+"/v1/codes", "").header("ETag"))
	}
	if tags[0] != tags[1] {
		t.Errorf("%v", tags)
	}
}

func TestETag_SeveralHeaderFields(t *testing.T) {
	t.Parallel()
	address := "http://" + testserver.StartSmall(t).HTTPAddr() + "/v1/locales"
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header["If-None-Match"] = []string{`"other"`, get(t, address, "").header("ETag")}
	if again := send(t, r, ""); again.StatusCode != http.StatusNotModified {
		t.Error(again.Status)
	}
}

func TestETag_Errors(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/v1/codes/CBC.1", "/v1/codes?pageSize=-1"} {
		got := get(t, "http://"+testserver.StartSmall(t).HTTPAddr()+path, "*")
		if got.StatusCode < 400 || got.header("Cache-Control") != "no-store" || got.header("ETag") != "" || len(got.body) == 0 {
			t.Errorf("%s: %s, %v", path, got.Status, got.Header)
		}
	}
}

func TestETag_Head(t *testing.T) {
	t.Parallel()
	address := "http://" + testserver.StartSmall(t).HTTPAddr() + "/v1/codes/250"
	r, err := http.NewRequestWithContext(t.Context(), http.MethodHead, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("TE", "trailers") // Content-Length is set, although the client accepts trailers
	head, whole := send(t, r, ""), get(t, address, "")
	if head.StatusCode != http.StatusOK || len(head.body) > 0 || head.header("ETag") != whole.header("ETag") || head.ContentLength != int64(len(whole.body)) {
		t.Errorf("%s %v", head.Status, head.Header)
	}
}

// Shared caches must not store the response to a request with a token.
func TestETag_Authorized(t *testing.T) {
	t.Parallel()
	address := "http://" + testserver.StartSmall(t).HTTPAddr() + "/v1/locales"
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer x")
	if got := send(t, r, "").header("Cache-Control"); got != "private, max-age=300" {
		t.Errorf("Cache-Control: %s", got)
	}
}

func get(t *testing.T, address, known string) restResponse {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if known != "" {
		r.Header.Set("If-None-Match", known)
	}
	return send(t, r, "")
}
