package envelope_test

import (
	"fmt"

	"github.com/cbcerr/cbcerr/service/envelope"
)

// An error may come with HTTP 200.
func ExampleParse() {
	e := envelope.Parse(envelope.Response{HTTPStatus: 200, Body: []byte(`{"error_msg":"Insufficient balance.","error_code":"CBC.3144"}`)})
	fmt.Println(e.Code, e.Message)
	fmt.Println(e.Shape, e.Own)
	// Output:
	// CBC.3144 Insufficient balance.
	// plain true
}

// A gateway or an SDK may wrap the error of another service.
func ExampleParse_wrapped() {
	e := envelope.Parse(envelope.Response{HTTPStatus: 500, Body: []byte(`{"message":"{\"error_code\":\"CBC.0250\",\"error_msg\":\"Too many requests.\"}"}`)})
	fmt.Println(e.Code, e.Message, e.Depth)
	// Output: CBC.0250 Too many requests. 1
}

// Items of a partly successful request fail with codes of their own.
func ExampleEnvelope_Items() {
	e := envelope.Parse(envelope.Response{HTTPStatus: 200, Body: []byte(`{"fail_resource_infos":[{"resource_id":"r-1","error_code":"CBC.99003651"},{"resource_id":"r-2","error_msg":"locked"}]}`)})
	for item := range e.Items() {
		fmt.Printf("%s %s: %q %q\n", item.Kind, item.ID, item.Code, item.Message)
	}
	// Output:
	// Resource r-1: "CBC.99003651" ""
	// Resource r-2: "" "locked"
}

// The output of curl -i is parsed with its status and headers.
