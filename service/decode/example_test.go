package decode_test

import (
	"fmt"

	"github.com/cbcerr/cbcerr/service/decode"
)

func ExampleText() {
	fmt.Printf("%s\n", decode.Text([]byte("\xd3\xe0\xb6\xee\xb2\xbb\xd7\xe3"), "text/plain; charset=GBK"))
	fmt.Printf("%s\n", decode.Text([]byte("\xd3\xe0\xb6\xee\xb2\xbb\xd7\xe3"), "text/plain"))
	// Output:
	// 余额不足
	// 余额不足
}

func ExampleInflate() {
	body, whole := decode.Inflate([]byte("\x1b\x03\x00\xf8\xff"), "br", 1<<20)
	fmt.Printf("%s, %t\n", body, whole)
	// Output: cbcerr cannot read the body: it is compressed with br; decompress it, true
}
