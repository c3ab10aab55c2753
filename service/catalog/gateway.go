package catalog

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// gatewayCode matches the codes of gateway.tsv.
var gatewayCode = regexp.MustCompile(`^[A-Z]+\.[0-9]{4}$`)

// A gatewayKey identifies a row of gateway.tsv: a code, and the HTTP status that the row requires, 0 for any.
type gatewayKey struct {
	code string
	http int
}

// Gateway returns the entries of other systems in the order of their codes. A code with several meanings has an entry for
// each, in the order of their HTTP statuses. Callers must not modify the slice or the entries.
func (c *Catalog) Gateway() []*Entry { return c.gateway }

// LookupGateway returns the entry of a code of another system in its canonical spelling, for an HTTP status. An entry that
// requires this status takes precedence over one for any status. APIG.n is the same as APIGW.n. Callers must not modify the entry.
func (c *Catalog) LookupGateway(code string, httpStatus int) (*Entry, bool) {
	code = gatewayName(code)
	if e, ok := c.byGatewayKey[gatewayKey{code, httpStatus}]; ok {
		return e, true
	}
	e, ok := c.byGatewayKey[gatewayKey{code, 0}]
	return e, ok
}

// gatewayName returns the name of a code in the table, where APIG is called APIGW.
func gatewayName(code string) string {
	if number, ok := strings.CutPrefix(code, "APIG."); ok {
		return "APIGW." + number
	}
	return code
}

// findGateway returns the entries of a code in any letter case.
func (c *Catalog) findGateway(code string) (found []*Entry) {
	code = gatewayName(strings.ToUpper(code))
	for _, e := range c.gateway {
		if e.Code == code {
			found = append(found, e)
		}
	}
	return found
}

func (c *Catalog) readGateway(folder fs.FS) error {
	c.byGatewayKey = map[gatewayKey]*Entry{}
	return readRows(folder, "gateway.tsv", gatewayColumns, c.readGatewayRow)
}

func (c *Catalog) readGatewayRow(r record) error {
	e, err := c.readEntry(r)
	if err != nil {
		return err
	}
	if e.Key = e.Code; e.HTTPStatus > 0 {
		e.Key = fmt.Sprintf("%s/%d", e.Code, e.HTTPStatus)
	}
	key := gatewayKey{e.Code, e.HTTPStatus}
	switch e.Service = r.cells["service"]; {
	case !gatewayCode.MatchString(e.Code) || IsCBC(e.Code):
		return fmt.Errorf("%s: %q is not another system's name, a dot and 4 digits", r.place, e.Code)
	case e.Service == "":
		return fmt.Errorf("%s: %s has no service", r.place, e.Code)
	case c.byGatewayKey[key] != nil:
		return fmt.Errorf("%s: %s stands in the table twice", r.place, e.Key)
	}
	c.gateway = append(c.gateway, e)
	c.byGatewayKey[key] = e
	return c.readOwnTexts(r, e.Key)
}
