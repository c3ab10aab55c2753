// Package gen holds the client packages, and what else is generated from the contract. Written by hand are the manifest,
// the README, the example and the one file of CbcError of each language, VERSION, and this.
package gen

//go:generate bash ../.tools/python/generate
//go:generate bash ../.tools/typescript/generate

import _ "embed" // for the document

// OpenAPI is the OpenAPI 3.1 document of the REST side, as JSON.
//
//go:embed openapi/openapi.json
var OpenAPI []byte
