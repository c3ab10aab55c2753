package decode

import (
	"iter"
	"unicode/utf8"

	"golang.org/x/text/encoding"
)

// sniffUTF16 returns the UTF-16 that a body begins with: a byte order mark, or a character of ASCII as JSON does (RFC 4627
// section 3).
func sniffUTF16(body []byte) encoding.Encoding {
	if len(body) < 2 {
		return nil
	}
	switch a, b := body[0], body[1]; {
	case a == 0xff && b == 0xfe, b == 0 && ' ' < a && a <= '~':
		return utf16LE
	case a == 0xfe && b == 0xff, a == 0 && ' ' < b && b <= '~':
		return utf16BE
	}
	return nil
}

// looksUTF8 reports whether UTF-8 sequences of three and four bytes, as Chinese has, outweigh the pairs of bytes that
// common Chinese has in the GB encodings. The body may be cut within a character.
func looksUTF8(body []byte) bool {
	sequences, pairs := 0, 0
	for rest := body; len(rest) > 0; {
		_, n := utf8.DecodeRune(rest)
		if n > 2 {
			sequences += n
		}
		rest = rest[n:]
	}
	for i := 0; i < len(body); i++ {
		if body[i] < utf8.RuneSelf {
			continue
		}
		if i+1 < len(body) && isCommonGB(body[i], body[i+1]) {
			pairs += 2
		}
		i++
	}
	return sequences > pairs
}

// isCommonGB reports whether a pair of bytes is a frequent character or a punctuation mark in GB 2312.
func isCommonGB(a, b byte) bool {
	return b > 0xa0 && (a >= 0xb0 && a <= 0xd7 || a == 0xa1 || a == 0xa3)
}

// fewestChinese is the minimum number of bytes beyond ASCII in a row in a text that may be Chinese. Words of Western
// languages have fewer.
const fewestChinese = 4

// looksGB2312 reports whether all bytes beyond ASCII come in pairs, as in Chinese. Some servers declare ISO-8859-1 for
// whatever they send.
func looksGB2312(body []byte) bool {
	for run := range runs(body) {
		if run%2 == 1 {
			return false
		}
	}
	return longestRun(body) >= fewestChinese
}

func longestRun(body []byte) (longest int) {
	for run := range runs(body) {
		longest = max(longest, run)
	}
	return longest
}

// runs yields the lengths of the runs of bytes beyond ASCII.
func runs(body []byte) iter.Seq[int] {
	return func(yield func(int) bool) {
		run := 0
		for i, b := range body {
			if b >= utf8.RuneSelf {
				run++
			}
			if ends := b < utf8.RuneSelf || i == len(body)-1; ends && run > 0 {
				if !yield(run) {
					return
				}
				run = 0
			}
		}
	}
}
