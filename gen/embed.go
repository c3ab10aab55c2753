// Package gen contains the client packages of all languages and the OpenAPI document, generated from the contract. In each
// language, the manifest, the README, the example and CbcError are written by hand.
package gen

//go:generate bash ../.tools/go/generate
//go:generate bash ../.tools/version/generate
//go:generate bash ../.tools/python/generate
//go:generate bash ../.tools/typescript/generate

import _ "embed" // for go:embed

// OpenAPI is the OpenAPI 3.1 document of the REST API, as JSON.
//
//go:embed openapi/openapi.json
var OpenAPI []byte
