// Package catalog knows what each code means, and has its texts in every language.
//
// It is a folder of tables and the functions that read them:
//
//   - codes.tsv has the meaning, the texts and the source of each code of the CBC.
//   - gateway.tsv has those of the codes of the API gateway, IAM and KooGallery that clients of the CBC meet.
//   - reasons.tsv has the number, the comment and the advice of each reason.
//   - retries.tsv has the general sentence of each retry advice.
//   - overlays.tsv has the cases where a code means something else.
//   - errata.tsv has the published texts that the tables correct.
//   - locales/<tag>.tsv has the texts of a language beyond English and Chinese.
//
// The contract's enums are generated from the tables (WriteErrorCodes, WriteErrorReasons), and so are conformance cases
// (WriteCases). CheckLaws holds the tables to the laws that protect users, Add adds a code to them. Diff compares two
// catalogues, DiffPage a catalogue with upstream's page.
//
// The package does not know where a response keeps its code, or any other package of this module: it must build even if
// generated code does not.
//
//	c, err := catalog.Embedded()
//	entry, ok := c.Lookup("CBC.0250")         // entry.Reason == "REQUEST_THROTTLED"
//	text, tag := c.Text(entry.Key, "zh-CN")   // "消息流量控制。", "zh-CN"
package catalog
