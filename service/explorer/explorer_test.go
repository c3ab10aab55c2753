package explorer_test

import (
	"encoding/json"
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

// start serves the explorer as people reach it at a public URL.
func start(t *testing.T, publicURL string) string {
	t.Helper()
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	e, err := explorer.New(c, publicURL, []byte(`{"openapi":"3.1.0"}`))
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	e.RegisterPages(mux)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

// An answer is what was answered, with the whole body.
type answer struct {
	*http.Response
	text string
}

func ask(t *testing.T, verb, address, known string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), verb, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if known != "" {
		r.Header.Set("If-None-Match", known)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response, string(text)}
}

func TestAddressesOfThePage(t *testing.T) {
	t.Parallel()
	base := start(t, "")
	page := ask(t, http.MethodGet, base+"/", "").text
	for path, status := range map[string]int{
		"/": 200, "/?q=x": 200, "/translate": 200, "/codes/CBC.5003": 200, "/codes/cbc.5003": 200, "/codes/5003": 200, "/codes/CBC.0001": 404,
		"/reasons/BALANCE_INSUFFICIENT": 200, "/reasons/FOREIGN_CODE": 200, "/reasons/balance_insufficient": 404, "/reasons/": 404, "/nothing": 404,
	} {
		got := ask(t, http.MethodGet, base+path, "")
		isPage := path != "/reasons/" && path != "/nothing"
		if got.StatusCode != status || isPage != (got.text == page) {
			t.Errorf("%s: %s, %d bytes, want %d", path, got.Status, len(got.text), status)
		}
	}
	if got := ask(t, http.MethodHead, base+"/codes/5003", ""); got.StatusCode != http.StatusOK || got.text != "" {
		t.Errorf("HEAD: %s, %d bytes", got.Status, len(got.text))
	}
}

// The page may load and ask its own server and nothing else; nothing in it needs an exception.
func TestNothingButItsOwn(t *testing.T) {
	t.Parallel()
	base := start(t, "")
	for _, path := range []string{"/", "/codes/CBC.0001", "/explorer/main.js", "/explorer/catalog.json", "/openapi.json"} {
		h := ask(t, http.MethodGet, base+path, "").Header
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
	for name, text := range static(t) {
		if at := regexp.MustCompile(`https?://[^l]|innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(| style=| on[a-z]+="`).FindString(text); at != "" && !strings.HasSuffix(name, ".svg") {
			t.Errorf("%s: %q", name, at)
		}
	}
}

// static are the texts of all files.
func static(t *testing.T) map[string]string {
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

// Every file that the page or another file names is there, with its type, and known again by its tag.
func TestFiles(t *testing.T) {
	t.Parallel()
	base := start(t, "")
	named := map[string]bool{"catalog.json": true}
	for _, text := range static(t) {
		for _, found := range regexp.MustCompile(`(?:"explorer/|from "\./|import\("\./)([^"]+)"`).FindAllStringSubmatch(text, -1) {
			named[found[1]] = true
		}
	}
	for name := range static(t) {
		if name != "index.html" && !named[name] {
			t.Errorf("nothing names %s", name)
		}
	}
	for name := range named {
		got := ask(t, http.MethodGet, base+"/explorer/"+name, "")
		kind, _, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
		want := map[string]string{".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}[path.Ext(name)]
		if got.StatusCode != http.StatusOK || kind != want || err != nil || got.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %s, %s", name, got.Status, kind)
		}
		again := ask(t, http.MethodGet, base+"/explorer/"+name, got.Header.Get("ETag"))
		if again.StatusCode != http.StatusNotModified || again.text != "" {
			t.Errorf("%s again: %s", name, again.Status)
		}
	}
}

// Behind a proxy that strips a prefix, all links are below the prefix.
func TestBaseIsThePathOfThePublicURL(t *testing.T) {
	t.Parallel()
	for public, base := range map[string]string{
		"": "/", "https://x.example": "/", "https://x.example/": "/", "https://x.example/errors": "/errors/", "http://x.example:8/a/b/": "/a/b/",
		`https://x.example/"><script>`: "/%22%3E%3Cscript%3E/",
	} {
		if page := ask(t, http.MethodGet, start(t, public)+"/", "").text; !strings.Contains(page, `<base href="`+base+`">`) {
			t.Errorf("%q: no base %s in %s", public, base, page)
		}
	}
}

func TestPublicURLThatIsNone(t *testing.T) {
	t.Parallel()
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, public := range []string{"x.example", "/errors", "ftp://x.example", "https://x.example?a=b", "https://x.example#a", "https:///a", ":"} {
		if _, err := explorer.New(c, public, nil); err == nil {
			t.Errorf("%q was taken", public)
		}
	}
}

// What REST does not say of reasons is there for every one, with texts for those that no code has; and what codes mean
// elsewhere.
func TestReasons(t *testing.T) {
	t.Parallel()
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Reasons []struct {
			Name, Comment string
			Texts         map[string]string
		}
		Overlays []struct{ Code, Message, As string }
	}
	if err := json.Unmarshal([]byte(ask(t, http.MethodGet, start(t, "")+"/explorer/catalog.json", "").text), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Reasons) != len(c.Reasons()) {
		t.Errorf("%d reasons, want %d", len(got.Reasons), len(c.Reasons()))
	}
	if len(got.Overlays) == 0 || got.Overlays[0].Code != "CBC.0150" || got.Overlays[0].Message == "" || got.Overlays[0].As != "CBC.0156" {
		t.Errorf("overlays %+v", got.Overlays)
	}
	for _, r := range got.Reasons {
		coded := len(c.Search(catalog.Query{Reason: r.Name})) > 0
		if r.Comment == "" || coded == (len(r.Texts) > 0) || !coded && r.Texts["zh-CN"] == "" {
			t.Errorf("%+v", r)
		}
	}
}
