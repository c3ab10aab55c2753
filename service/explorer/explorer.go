// Package explorer serves the web page that shows the catalogue and translates pasted responses. It serves static files
// and the parts of the catalogue that the REST API does not return. The page gets all other data from the REST API of
// the same server and makes no other requests.
//
//	pages, err := explorer.New("https://cbcerr.example.com", openAPI)
//	err = pages.SetCatalog(c, explain)
//	s, err := server.Listen(config, domain, log, service, pages)
package explorer

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync/atomic"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/render"
)

//go:embed static
var static embed.FS

// An Explorer serves the page and its files. It is safe for concurrent use.
type Explorer struct {
	current atomic.Pointer[snapshot]
	server  atomic.Pointer[document]
	page    document
	files   map[string]document // by path
}

// A snapshot is a catalogue, the JSON of its data for the page, and explanations with it.
type snapshot struct {
	*catalog.Catalog
	data    document
	explain ExplainFunc
}

// New returns an Explorer, which needs a catalogue before it serves. publicURL is its address for browsers, such as
// https://cbcerr.example.com/errors: links are relative to its path, or to / if it is empty. openAPI is the OpenAPI
// document of the REST API, which is served at /openapi.json.
func New(publicURL string, openAPI []byte) (*Explorer, error) {
	page, err := renderPage(publicURL)
	if err != nil {
		return nil, err
	}
	texts, err := textsModule()
	if err != nil {
		return nil, err
	}
	e := &Explorer{page: newDocument("text/html; charset=utf-8", page), files: map[string]document{
		"/openapi.json":      newDocument(contentTypes[".json"], openAPI),
		"/explorer/texts.js": newDocument(contentTypes[".js"], texts),
	}}
	return e, errors.Join(e.SetGRPC("", false), e.readFiles())
}

// SetCatalog replaces the catalogue, and the function that explains translations with it.
func (e *Explorer) SetCatalog(c *catalog.Catalog, explain ExplainFunc) error {
	data, err := json.Marshal(catalogData{reasonsOf(c), overlaysOf(c)})
	if err == nil {
		e.current.Store(&snapshot{c, newDocument(contentTypes[".json"], data), explain})
	}
	return err
}

// RegisterPages registers the page under the path of each view, and the files of the page.
func (e *Explorer) RegisterPages(mux *http.ServeMux) {
	for _, path := range []string{"/{$}", "/translate", "/codes", "/reasons"} {
		mux.Handle("GET "+path, e.page)
	}
	mux.HandleFunc("GET /codes/{code}", e.code)
	mux.HandleFunc("GET /reasons/{reason}", e.reason)
	mux.HandleFunc("GET /explorer/catalog.json", func(w http.ResponseWriter, r *http.Request) { e.current.Load().data.ServeHTTP(w, r) })
	mux.HandleFunc("GET /explorer/server.json", func(w http.ResponseWriter, r *http.Request) { e.server.Load().ServeHTTP(w, r) })
	mux.HandleFunc("POST /explorer/explain", e.explain)
	for name, d := range e.files {
		mux.Handle("GET "+name, d)
	}
}

// ServeNotFound serves the page of an unknown path.
func (e *Explorer) ServeNotFound(w http.ResponseWriter, r *http.Request) { e.page.notFound(w, r) }

// code serves the page of a code. The page is the same for an unknown code; only the HTTP status differs.
func (e *Explorer) code(w http.ResponseWriter, r *http.Request) {
	if len(e.current.Load().FindByInput(r.PathValue("code"))) == 0 {
		e.page.notFound(w, r)
		return
	}
	e.page.ServeHTTP(w, r)
}

func (e *Explorer) reason(w http.ResponseWriter, r *http.Request) {
	for _, reason := range e.current.Load().Reasons() {
		if reason.Name == r.PathValue("reason") {
			e.page.ServeHTTP(w, r)
			return
		}
	}
	e.page.notFound(w, r)
}

// renderPage returns the HTML of the page for a public URL.
func renderPage(publicURL string) ([]byte, error) {
	address, err := url.Parse(publicURL)
	if err != nil {
		return nil, err
	}
	isHTTP := address.Host != "" && (address.Scheme == "http" || address.Scheme == "https")
	if publicURL != "" && (!isHTTP || address.RawQuery != "" || address.Fragment != "") {
		return nil, fmt.Errorf("%q is not a URL such as https://cbcerr.example.com/errors", publicURL)
	}
	page, err := template.ParseFS(static, "static/index.html")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = page.Execute(&b, strings.TrimSuffix(address.EscapedPath(), "/")+"/")
	return b.Bytes(), err
}

// textsModule returns the JavaScript module of the texts that the page shares with the command line.
func textsModule() ([]byte, error) {
	texts, err := json.Marshal(render.Messages())
	return fmt.Appendf(nil, "export const texts = %s;\n", texts), err
}

// readFiles reads the embedded files, except the template of the page.
func (e *Explorer) readFiles() error {
	root, err := fs.Sub(static, "static")
	if err != nil {
		return err
	}
	return fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == "index.html" {
			return err
		}
		content, err := fs.ReadFile(root, name)
		e.files["/explorer/"+name] = newDocument(contentTypes[path.Ext(name)], content)
		return err
	})
}
