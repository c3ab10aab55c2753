package explorer_test

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/explorer"
)

// startServer serves an explorer with a public URL and returns the address of the server.
func startServer(t *testing.T, publicURL string) string {
	t.Helper()
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	e, err := explorer.New(publicURL, []byte(`{"openapi":"3.1.0"}`))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(e.SetGRPC("[::]:9090", true), e.SetCatalog(c, explain)); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	e.RegisterPages(mux)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

// A response is an HTTP response with its body.
type response struct {
	*http.Response
	text string
}

// send sends a request, with If-None-Match if etag is not empty.
func send(t *testing.T, method, address, etag string) response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if etag != "" {
		r.Header.Set("If-None-Match", etag)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response{got, string(text)}
}

func TestExplorer_Paths(t *testing.T) {
	t.Parallel()
	base := startServer(t, "")
	page := send(t, http.MethodGet, base+"/", "").text
	for path, status := range map[string]int{
		"/": 200, "/?q=x": 200, "/codes": 200, "/reasons": 200, "/translate": 200, "/codes/CBC.5003": 200, "/codes/cbc.5003": 200, "/codes/5003": 200, "/codes/CBC.0001": 404,
		"/reasons/BALANCE_INSUFFICIENT": 200, "/reasons/FOREIGN_CODE": 200, "/reasons/balance_insufficient": 404, "/reasons/": 404, "/nothing": 404,
	} {
		got := send(t, http.MethodGet, base+path, "")
		isPage := path != "/reasons/" && path != "/nothing"
		if got.StatusCode != status || isPage != (got.text == page) {
			t.Errorf("%s: %s, %d bytes, want %d", path, got.Status, len(got.text), status)
		}
	}
	if got := send(t, http.MethodHead, base+"/codes/5003", ""); got.StatusCode != http.StatusOK || got.text != "" {
		t.Errorf("HEAD: %s, %d bytes", got.Status, len(got.text))
	}
}

// The policy allows only the own origin, and no file needs an exception.
func TestExplorer_ContentSecurityPolicy(t *testing.T) {
	t.Parallel()
	base := startServer(t, "")
	for _, path := range []string{"/", "/codes/CBC.0001", "/explorer/main.js", "/explorer/catalog.json", "/openapi.json"} {
		h := send(t, http.MethodGet, base+path, "").Header
		csp := h.Get("Content-Security-Policy")
		for _, directive := range strings.Split(csp, "; ") {
			if _, sources, _ := strings.Cut(directive, " "); sources != "'none'" && sources != "'self'" {
				t.Errorf("%s: %s", path, directive)
			}
		}
		if !strings.HasPrefix(csp, "default-src 'none'") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", path, h)
		}
	}
	for name, text := range staticFiles(t) {
		text = strings.ReplaceAll(text, "https://bss.myhuaweicloud.com", "") // in examples
		if at := regexp.MustCompile(`https?://[^l]|innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(| style=| on[a-z]+="`).FindString(text); at != "" && !strings.HasSuffix(name, ".svg") {
			t.Errorf("%s: %q", name, at)
		}
	}
}

// staticFiles returns the content of all files by name.
func staticFiles(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := fs.WalkDir(os.DirFS("static"), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path.Join("static", name))
		texts[name] = string(text)
		return err
	})
	if err != nil || len(texts) == 0 {
		t.Fatal(len(texts), err)
	}
	return texts
}

// Each file that another file references is served with its type and an ETag, and each file is referenced.
func TestExplorer_Files(t *testing.T) {
	t.Parallel()
	base := startServer(t, "")
	referenced := map[string]bool{"catalog.json": true}
	for _, text := range staticFiles(t) {
		for _, found := range regexp.MustCompile(`(?:"explorer/|from "\./|import\("\./)([^"]+)"`).FindAllStringSubmatch(text, -1) {
			referenced[found[1]] = true
		}
	}
	for name := range staticFiles(t) {
		if name != "index.html" && !referenced[name] {
			t.Errorf("no file references %s", name)
		}
	}
	delete(referenced, "explain") // answers POST
	for name := range referenced {
		got := send(t, http.MethodGet, base+"/explorer/"+name, "")
		contentType, _, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
		want := map[string]string{".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}[path.Ext(name)]
		if got.StatusCode != http.StatusOK || contentType != want || err != nil || got.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %s, %s", name, got.Status, contentType)
		}
		again := send(t, http.MethodGet, base+"/explorer/"+name, got.Header.Get("ETag"))
		if again.StatusCode != http.StatusNotModified || again.text != "" {
			t.Errorf("%s again: %s", name, again.Status)
		}
	}
}

// The base of all links is the path of the public URL, for proxies that strip a prefix.
func TestNew_BasePath(t *testing.T) {
	t.Parallel()
	for public, base := range map[string]string{
		"": "/", "https://x.example": "/", "https://x.example/": "/", "https://x.example/errors": "/errors/", "http://x.example:8/a/b/": "/a/b/",
		`https://x.example/"><script>`: "/%22%3E%3Cscript%3E/",
	} {
		if page := send(t, http.MethodGet, startServer(t, public)+"/", "").text; !strings.Contains(page, `<base href="`+base+`">`) {
			t.Errorf("%q: no base %s in %s", public, base, page)
		}
	}
}

func TestNew_InvalidPublicURL(t *testing.T) {
	t.Parallel()
	for _, public := range []string{"x.example", "/errors", "ftp://x.example", "https://x.example?a=b", "https://x.example#a", "https:///a", ":"} {
		if _, err := explorer.New(public, nil); err == nil {
			t.Errorf("%q: no error", public)
		}
	}
}

// catalog.json has all reasons with their advice, with texts for those without a code, and the overlays.
func TestExplorer_CatalogData(t *testing.T) {
	t.Parallel()
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Reasons []struct {
			Name          string
			Advice, Texts map[string]string
		}
		Overlays []struct{ Code, Message, As string }
	}
	if err := json.Unmarshal([]byte(send(t, http.MethodGet, startServer(t, "")+"/explorer/catalog.json", "").text), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Reasons) != len(c.Reasons()) {
		t.Errorf("%d reasons, want %d", len(got.Reasons), len(c.Reasons()))
	}
	if len(got.Overlays) == 0 || got.Overlays[0].Code != "CBC.0150" || got.Overlays[0].Message == "" || got.Overlays[0].As != "CBC.0156" {
		t.Errorf("overlays %+v", got.Overlays)
	}
	for _, r := range got.Reasons {
		found, _ := c.Search(catalog.Query{Reason: r.Name})
		hasCodes := len(found) > 0
		if r.Advice["en"] == "" || r.Advice["zh-CN"] == "" || hasCodes == (len(r.Texts) > 0) || !hasCodes && r.Texts["zh-CN"] == "" {
			t.Errorf("%+v", r)
		}
	}
}
