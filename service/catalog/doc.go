// Package catalog knows what each CBC code means and says it in every language there is a text for.
//
// It is one table and the ways to read it: codes.tsv has a line per code, reasons.tsv the number and comment of each
// reason, overlays.tsv the places where a code means something else, errata.tsv the cells of the upstream page that
// were mended, and locales/<tag>.tsv the texts of languages beyond English and Chinese. The contract's enums are
// written from here (WriteErrorCodes, WriteErrorReasons), and two catalogues or a catalogue and an upstream page are
// compared here (Diff, DiffPage).
//
// The package knows nothing of protobuf, HTTP or any other package of this module, so that broken generated code
// can be generated again.
//
//	c, err := catalog.Embedded()
//	entry, ok := c.Lookup("CBC.0250")            // entry.Reason == "REQUEST_THROTTLED"
//	text, tag := c.Localize("CBC.0250", "zh-CN") // "消息流量控制。", "zh-CN"
package catalog
