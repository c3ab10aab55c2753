package transcript_test

import (
	"fmt"

	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/transcript"
)

func ExampleParse() {
	r := transcript.Parse(envelope.Response{Body: []byte("HTTP/2 429 \r\nretry-after: 5\r\n\r\n{\"error_code\":\"CBC.0250\"}")})
	fmt.Println(r.HTTPStatus, r.Headers["Retry-After"], envelope.Parse(r).Code)
	// Output: 429 5 CBC.0250
}
