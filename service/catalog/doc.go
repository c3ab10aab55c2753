// Package catalog knows what each code means and says it in every language there is a text for.
//
// It is a folder of tables and the ways to read it. codes.tsv has a line for each code and names its source: upstream's
// page for most. gateway.tsv has the codes of the API gateway, IAM and KooGallery that a caller of the CBC meets.
// reasons.tsv has the number and comment of each reason, overlays.tsv the places where a code means something else,
// errata.tsv the published texts that were mended, and locales/<tag>.tsv the texts of languages beyond English and
// Chinese. The contract's enums are written from here (WriteErrorCodes, WriteErrorReasons). Two catalogues, or a
// catalogue and upstream's page, are compared here (Diff, DiffPage).
//
// The package knows nothing of protobuf, HTTP or any other package of this module, so that broken generated code
// can be generated again.
//
//	c, err := catalog.Embedded()
//	entry, ok := c.Lookup("CBC.0250")            // entry.Reason == "REQUEST_THROTTLED"
//	text, tag := c.Localize(entry.Key, "zh-CN")  // "消息流量控制。", "zh-CN"
//	entry, ok = c.LookupGateway("APIGW.0201", 413) // entry.Reason == "REQUEST_TOO_LARGE"
package catalog
