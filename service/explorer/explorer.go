// Package explorer is the page for people at /: it shows what the codes mean and translates what is pasted into it. It
// serves files and what the catalogue says of reasons; everything else the page asks of the REST interface beside it,
// and of nobody else.
//
//	pages, err := explorer.New(c, "https://cbcerr.example.com", openAPI)
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
	"strings"
	"sync/atomic"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/render"
)

//go:embed static
var files embed.FS

// Explorer is the page and all that belongs to it.
type Explorer struct {
	shown  atomic.Pointer[shown]
	page   document
	others map[string]document // by path
}

// What is shown of one catalogue.
type shown struct {
	*catalog.Catalog
	known document
}

// New makes the explorer of a catalogue. The public URL is where people reach it, such as
// https://cbcerr.example.com/errors; only its path is used, and / where it is empty. OpenAPI is the description of the
// REST interface, which it serves too.
func New(c *catalog.Catalog, publicURL string, openAPI []byte) (*Explorer, error) {
	page, err := index(publicURL)
	if err != nil {
		return nil, err
	}
	texts, err := textsModule()
	if err != nil {
		return nil, err
	}
	e := &Explorer{page: newDocument("text/html; charset=utf-8", page), others: map[string]document{
		"/openapi.json":      newDocument("application/json", openAPI),
		"/explorer/texts.js": newDocument(typeOf("texts.js"), texts),
	}}
	return e, errors.Join(e.Show(c), e.readFiles())
}

// Show shows another catalogue from now on.
func (e *Explorer) Show(c *catalog.Catalog) error {
	known, err := json.Marshal(beyondREST{reasonsOf(c), overlaysOf(c)})
	if err == nil {
		e.shown.Store(&shown{c, newDocument("application/json", known)})
	}
	return err
}

// RegisterPages serves the page under the addresses of what it shows, and what it is made of.
func (e *Explorer) RegisterPages(mux *http.ServeMux) {
	mux.Handle("GET /{$}", e.page)
	mux.Handle("GET /translate", e.page)
	mux.HandleFunc("GET /codes/{code}", e.code)
	mux.HandleFunc("GET /reasons/{reason}", e.reason)
	mux.HandleFunc("GET /explorer/catalog.json", func(w http.ResponseWriter, r *http.Request) { e.shown.Load().known.ServeHTTP(w, r) })
	for path, d := range e.others {
		mux.Handle("GET "+path, d)
	}
}

// code answers the page of a code; the page says itself that a code is unknown, and the status says it to programs.
func (e *Explorer) code(w http.ResponseWriter, r *http.Request) {
	if len(e.shown.Load().FindByInput(r.PathValue("code"))) == 0 {
		e.page.notFound(w, r)
		return
	}
	e.page.ServeHTTP(w, r)
}

func (e *Explorer) reason(w http.ResponseWriter, r *http.Request) {
	for _, reason := range e.shown.Load().Reasons() {
		if reason.Name == r.PathValue("reason") {
			e.page.ServeHTTP(w, r)
			return
		}
	}
	e.page.notFound(w, r)
}

// index is the page, whose links are relative to the path of the public URL.
func index(publicURL string) ([]byte, error) {
	address, err := url.Parse(publicURL)
	if err != nil {
		return nil, err
	}
	web := address.Host != "" && (address.Scheme == "http" || address.Scheme == "https")
	if publicURL != "" && (!web || address.RawQuery != "" || address.Fragment != "") {
		return nil, fmt.Errorf("%q is no address such as https://cbcerr.example.com/errors", publicURL)
	}
	page, err := template.ParseFS(files, "static/index.html")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = page.Execute(&b, strings.TrimSuffix(address.EscapedPath(), "/")+"/")
	return b.Bytes(), err
}

// textsModule returns the JavaScript module of the words that the page shares with the command line.
func textsModule() ([]byte, error) {
	texts, err := json.Marshal(render.Messages())
	return fmt.Appendf(nil, "export const texts = %s;\n", texts), err
}

// readFiles takes in the files that the page is made of.
func (e *Explorer) readFiles() error {
	static, err := fs.Sub(files, "static")
	if err != nil {
		return err
	}
	return fs.WalkDir(static, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == "index.html" {
			return err
		}
		content, err := fs.ReadFile(static, name)
		e.others["/explorer/"+name] = newDocument(typeOf(name), content)
		return err
	})
}
