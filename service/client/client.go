// Package client turns error responses of the CBC into errors of Go, in the program that receives them. It needs no
// server and no network.
//
// A Translator knows what a response means. It is made once and shared:
//
//	t, err := client.New(client.WithLocales("zh-CN"))
//
// Check is for programs that hold an *http.Response, CheckBody is for those that hold bytes, and Transport is for an
// http.Client. An error of this package is a *Failure. It says what to show, what to branch on, and whether to retry:
//
//	if err := t.Check(response); errors.Is(err, cbcerr.ReasonBalanceInsufficient) {
//		return askForPayment(err)
//	} else if wait, ok := cbcerr.ShouldRetry(err, false); ok {
//		return retryAfter(wait)
//	} else if err != nil {
//		return err
//	}
//
// An error can come with HTTP 200, so a status below 400 is no sign of success.
//
// A gRPC server may return a Failure, also one that is wrapped with %w: its clients read the same error. The package
// interceptor adds the language of the caller.
package client

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"unicode/utf8"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/translate"
)

// A Translator makes errors of responses. Create it with New; a nil or zero Translator fails every check. It is safe for
// concurrent use.
type Translator struct {
	catalog    *catalog.Catalog
	translator *translate.Translator
	origin     translate.Origin
	locales    []string
}

// New returns a Translator with the built-in tables. It returns an error if an option is invalid. A nil option has no
// effect.
func New(options ...Option) (*Translator, error) {
	s := &settings{}
	for _, option := range options {
		if option == nil {
			continue
		}
		if err := option(s); err != nil {
			return nil, fmt.Errorf("client: %w", err)
		}
	}
	c, err := catalog.Embedded(s.tables...)
	if err == nil {
		err = translate.CheckOverlays(c)
	}
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	return &Translator{c, translate.New(c, translate.DefaultItems), s.origin, s.locales}, nil
}

// Locales returns the BCP 47 tags of the available languages.
func (t *Translator) Locales() []string {
	if !t.isReady() {
		return nil
	}
	return t.catalog.Locales()
}

// isReady reports whether New made the Translator.
func (t *Translator) isReady() bool { return t != nil && t.translator != nil }

// errNotReady is the error of a nil or zero Translator.
var errNotReady = errors.New("client: the Translator is nil or not made by New")

// locale returns the locale that fits the languages best, else the one of WithLocales.
func (t *Translator) locale(languages ...string) string {
	return t.catalog.Negotiate(catalog.Preferences{Locales: languages, AcceptLanguage: t.locales})
}

// An Option configures New.
type Option func(*settings) error

type settings struct {
	locales []string
	origin  translate.Origin
	tables  []fs.FS
}

// WithLocales sets the languages of messages and advice in the order of preference: BCP 47 tags, or values of an
// Accept-Language header. The default is English.
func WithLocales(languages ...string) Option {
	return func(s *settings) error {
		s.locales = slices.Clone(languages)
		return nil
	}
}

// WithSite sets the site that the program calls: cn, intl or eu, or empty if it is not known. Another site is an error of
// New. An error of the CBC about the wrong site (cn or intl) then names the right one.
func WithSite(site string) Option {
	return func(s *settings) error {
		s.origin.Site = site
		if err := translate.CheckSite(site); err != nil {
			return fmt.Errorf("WithSite: %w", err)
		}
		return nil
	}
}

// WithService sets the service that the program calls, such as bss or koogallery, as errors name it. A name of more than 64
// bytes, or one that is not UTF-8, is an error of New.
func WithService(service string) Option {
	return func(s *settings) error {
		s.origin.Service = service
		if len(service) > translate.MaxName || !utf8.ValidString(service) {
			return fmt.Errorf("WithService: %.64q has %d bytes; it must be UTF-8 with at most %d", service, len(service), translate.MaxName)
		}
		return nil
	}
}

// WithTables adds the tables of a folder: languages (<tag>.tsv), and overlays (overlays.tsv), which take precedence over
// the built-in ones. They are those of cbcerrd's flags --locales-dir and --overlays-dir. A folder that is nil or has no
// tables is an error of New.
func WithTables(folder fs.FS) Option {
	return func(s *settings) error {
		if folder == nil {
			return errors.New("WithTables: the folder is nil")
		}
		names, err := fs.Glob(folder, "*.tsv")
		if err == nil && len(names) == 0 {
			err = errors.New("WithTables: the folder has no tables (*.tsv)")
		}
		s.tables = append(s.tables, folder)
		return err
	}
}
