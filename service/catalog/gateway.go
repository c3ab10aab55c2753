package catalog

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// gatewayCode is the form of a code of gateway.tsv.
var gatewayCode = regexp.MustCompile(`^[A-Z]+\.[0-9]{4}$`)

// A gatewayKey identifies a line of gateway.tsv: a code, and the HTTP status that the line needs, 0 for any.
type gatewayKey struct {
	code string
	http int
}

// Gateway are the codes of other systems that a caller of the CBC meets, in the order of their names. A code with
// several meanings has an entry for each, in the order of their HTTP statuses.
func (c *Catalog) Gateway() []*Entry { return c.gateway }

// LookupGateway finds a code of another system by its canonical spelling and the HTTP status of the response. APIG.n is
// looked up as APIGW.n. An entry with this HTTP status goes before one that fits any.
func (c *Catalog) LookupGateway(code string, httpStatus int) (*Entry, bool) {
	code = gatewayName(code)
	if e, ok := c.byGatewayKey[gatewayKey{code, httpStatus}]; ok {
		return e, true
	}
	e, ok := c.byGatewayKey[gatewayKey{code, 0}]
	return e, ok
}

// gatewayName is the name of a code in the table: the API gateway numbers APIG and APIGW alike.
func gatewayName(code string) string {
	if number, ok := strings.CutPrefix(code, "APIG."); ok {
		return "APIGW." + number
	}
	return code
}

// findGateway finds all meanings of a code that is spelled in any letter case.
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
	case !gatewayCode.MatchString(e.Code) || Ours(e.Code):
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
