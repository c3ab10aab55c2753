package translate

import "github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"

// Compose is the long way, which the short one is held to.
func (t *Translator) Compose(r Response, locale string) *errorv1.Translation {
	return t.compose(r, locale)
}
