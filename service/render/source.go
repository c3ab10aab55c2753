package render

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
)

// sourceWords are what is said of where a code comes from.
type sourceWords struct {
	service, source, page, translated, undocumented, anyStatus string
}

var (
	englishSource = sourceWords{
		service: "Service", source: "Source", page: "Huawei Cloud's page of error codes", translated: "Translation by this project",
		undocumented: "not documented", anyStatus: "any",
	}
	chineseSource = sourceWords{
		service: "服务", source: "来源", page: "华为云错误码页面", translated: "本项目翻译", undocumented: "文档未说明", anyStatus: "任意",
	}
)

// sourceWordsOf are the words for a locale: Chinese for any Chinese, else English.
func sourceWordsOf(locale string) sourceWords {
	if primary, _, _ := strings.Cut(locale, "-"); primary == "zh" {
		return chineseSource
	}
	return englishSource
}

// add says to which system a code belongs, where it is published and which of its texts are translations.
func (w sourceWords) add(sheet *Sheet, e *errorv1.CatalogEntry) {
	source := e.GetSource()
	if source == "page" {
		source = w.page
	}
	sheet.Add(w.service, e.GetService())
	sheet.Add(w.source, source)
	sheet.Add(w.translated, strings.Join(e.GetTranslatedLocales(), ", "))
}

// note says after a text where a code that is not on upstream's page is published, and whether the text is a translation.
func (w sourceWords) note(e *errorv1.CatalogEntry, locale string) string {
	switch {
	case e.GetSource() == "page" || e.GetSource() == "":
		return ""
	case slices.Contains(e.GetTranslatedLocales(), locale):
		return " [" + e.GetSource() + " · " + w.translated + "]"
	}
	return " [" + e.GetSource() + "]"
}

// httpStatus is the HTTP status of an entry: what is documented, or what a response needs to mean it.
func (w sourceWords) httpStatus(e *errorv1.CatalogEntry) string {
	switch {
	case e.GetHttpStatus() != 0:
		return strconv.Itoa(int(e.GetHttpStatus()))
	case e.GetService() != "":
		return w.anyStatus
	}
	return w.undocumented
}
