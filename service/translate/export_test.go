package translate

// TranslateGeneral translates without the fast path.
func (t *Translator) TranslateGeneral(r Response, locale string) Result {
	return t.translate(r, locale)
}

// UsesFastPath reports whether the fast path translates a response.
func (t *Translator) UsesFastPath(r Response, locale string) bool {
	_, ok := t.translatePair(r, locale)
	return ok
}
