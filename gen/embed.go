// Package gen holds what is generated from the contract; this file alone is written by hand.
package gen

import _ "embed" // for the document

// OpenAPI is the OpenAPI 3.1 document of the REST side, as JSON.
//
//go:embed openapi/openapi.json
var OpenAPI []byte
