package translate

import (
	"fmt"
	"slices"
	"strings"
)

// Sites returns the names of the sites of the CBC.
func Sites() []string { return []string{"cn", "intl", "eu"} }

// siblingSites is the site to try instead of another. Europe has none.
var siblingSites = map[string]string{"cn": "intl", "intl": "cn"}

// CheckSite returns an error if a name, in any letter case, is no site. The empty name stands for an unknown site.
func CheckSite(name string) error {
	if name == "" || slices.Contains(Sites(), strings.ToLower(name)) {
		return nil
	}
	return fmt.Errorf("%.64q is not a site; it must be one of %s, or empty if it is not known", name, strings.Join(Sites(), ", "))
}
