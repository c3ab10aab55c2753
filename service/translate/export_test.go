package translate

import "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"

// Ordinary is the way that every response can go.
func (t *Translator) Ordinary(r Response, locale string) *errorv1.Translation {
	return t.ordinary(r, locale).Translation
}

// IsPlain reports whether a response is answered with what is prepared.
func (t *Translator) IsPlain(r Response, locale string) bool {
	_, ok := t.plain(r, locale)
	return ok
}
