package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
)

func (c *Catalog) readReasons(folder fs.FS) error {
	records, err := readTable(folder, "reasons.tsv", reasonColumns)
	if err != nil {
		return err
	}
	c.hasReason = make(map[string]bool, len(records))
	for _, r := range records {
		n, err := r.number("number")
		if err != nil {
			return err
		}
		c.reasons = append(c.reasons, Reason{int32(n), r.cells["reason"], r.cells["comment"]})
		c.hasReason[r.cells["reason"]] = true
		if err := c.readOwnTexts(r, r.cells["reason"]); err != nil {
			return err
		}
		if err := c.readAdvice(r, "advice.", adviceKey(r.cells["reason"])); err != nil {
			return err
		}
	}
	return nil
}

// readRetries reads the general sentence of each retry advice.
func (c *Catalog) readRetries(folder fs.FS) error {
	return readRows(folder, "retries.tsv", retryColumns, func(r record) error {
		c.retries = append(c.retries, r.cells["retry"])
		return c.readAdvice(r, "", generalAdviceKey(r.cells["retry"]))
	})
}

func (c *Catalog) readCodes(folder fs.FS) error {
	c.byCode = map[string]*Entry{}
	return readRows(folder, "codes.tsv", codeColumns, c.readCode)
}

func (c *Catalog) readCode(r record) error {
	e, err := c.readEntry(r)
	if err != nil {
		return err
	}
	switch e.Key, e.Number = e.Code, Number(e.Code); {
	case e.Number == 0:
		return fmt.Errorf("%s: %q is not CBC. and 4 digits, or 8 not beginning with 0", r.place, e.Code)
	case e.HTTPStatus == 0 && e.Source == Page:
		return fmt.Errorf("%s: %s: a code of the page has an HTTP status", r.place, e.Code)
	case c.byCode[e.Code] != nil:
		return fmt.Errorf("%s: %s stands in the table twice", r.place, e.Code)
	}
	c.entries = append(c.entries, e)
	c.byCode[e.Code] = e
	return c.readOwnTexts(r, e.Key)
}

// readEntry reads the columns that codes.tsv and gateway.tsv share.
func (c *Catalog) readEntry(r record) (*Entry, error) {
	e := &Entry{Code: r.cells["code"], Status: r.cells["status"], Reason: r.cells["reason"], Retry: r.cells["retry"],
		Outcome: r.cells["outcome"], Source: r.cells["source"]}
	if !c.hasReason[e.Reason] {
		return nil, fmt.Errorf("%s: %s: reasons.tsv has no line for %s", r.place, e.Code, e.Reason)
	}
	for _, tag := range tableLocales {
		if r.cells[tag] == "" {
			return nil, fmt.Errorf("%s: %s: a code has an English and a Chinese text", r.place, e.Code)
		}
	}
	var errs [4]error
	e.HTTPStatus, errs[0] = r.optionalNumber("http")
	e.Wait, errs[1] = r.duration("wait")
	e.Details, errs[2] = r.details()
	e.Translated, errs[3] = r.locales("translated")
	return e, errors.Join(errs[:]...)
}

// linkRelated sets the related codes of each entry: the other codes with its reason.
func (c *Catalog) linkRelated() {
	sharing := map[string][]string{}
	for _, e := range c.all() {
		if !slices.Contains(sharing[e.Reason], e.Code) {
			sharing[e.Reason] = append(sharing[e.Reason], e.Code)
		}
	}
	for _, e := range c.all() {
		for _, code := range sharing[e.Reason] {
			if code != e.Code {
				e.Related = append(e.Related, code)
			}
		}
	}
}

const overlaysFile = "overlays.tsv"

func (c *Catalog) readOverlays(folder fs.FS) error {
	records, err := readTable(folder, overlaysFile, overlayColumns)
	if err != nil {
		return err
	}
	for _, r := range records {
		o := Overlay{r.cells["code"], r.cells["shape"], r.cells["message"], r.cells["as"]}
		if _, ok := c.byCode[o.As]; !ok && o.As != Nested {
			return fmt.Errorf("%s: as: %s is neither a code of the table nor %s", r.place, quote(o.As), Nested)
		}
		if o.Code != Canonical(o.Code) {
			return fmt.Errorf("%s: code: %s is spelled %s", r.place, quote(o.Code), quote(Canonical(o.Code)))
		}
		if _, known := c.byCode[o.Code]; o.Shape == "" && o.Message == "" && o.As != Nested && (known || o.Code == "") {
			return fmt.Errorf("%s: without a shape or a message %s would always mean %s", r.place, quote(o.Code), o.As)
		}
		c.overlays = append(c.overlays, o)
	}
	return nil
}

func (c *Catalog) readErrata(folder fs.FS) error {
	records, err := readTable(folder, "errata.tsv", errataColumns)
	if err != nil {
		return err
	}
	for _, r := range records {
		e := Erratum{r.cells["code"], r.cells["locale"], r.cells["published"], r.cells["ours"]}
		if text := c.exactText(e.Code, e.Locale); text == "" || text != e.Corrected {
			return fmt.Errorf("%s: the table's %s text of %s is not what this line says is ours", r.place, e.Locale, e.Code)
		}
		c.errata = append(c.errata, e)
	}
	return nil
}
