package translate_test

import (
	"fmt"

	"github.com/cbcerr/cbcerr/service/catalog"
	"github.com/cbcerr/cbcerr/service/envelope"
	"github.com/cbcerr/cbcerr/service/translate"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
)

func ExampleTranslator_Translate() {
	c, err := catalog.Embedded()
	if err != nil {
		panic(err)
	}
	t := translate.New(c, translate.DefaultItems)
	result := t.Translate(translate.Response{Response: envelope.Response{
		HTTPStatus: 403,
		Body:       []byte(`{"error_code":"CBC.99003651","error_msg":"Another operation is in progress."}`),
	}}, "zh-CN")
	fmt.Println(result.StatusName, result.Reason, result.Match)

	info := new(errdetails.ErrorInfo)
	if err := result.GetStatus().GetDetails()[0].UnmarshalTo(info); err != nil {
		panic(err)
	}
	fmt.Println(info.GetMetadata()["code"], info.GetMetadata()["retry"], info.GetMetadata()["outcome"])
	fmt.Println(info.GetMetadata()["message"])
	// Output:
	// ABORTED INSTANCE_OPERATION_IN_PROGRESS EXACT
	// CBC.99003651 BACKOFF NOT_APPLIED
	// 交易正在进行中,不可以退订。
}

// A payment may have happened although the body names a code, so the advice of the code is withdrawn.
func ExampleTranslator_Translate_uncertain() {
	c, err := catalog.Embedded()
	if err != nil {
		panic(err)
	}
	t := translate.New(c, translate.DefaultItems)
	result := t.Translate(translate.Response{Response: envelope.Response{
		HTTPStatus: 200,
		Body:       []byte(`{"order_ids":["CS1"],"auto_pay":{"error_code":"CBC.99003651"}}`),
	}}, "en")

	info := new(errdetails.ErrorInfo)
	if err := result.GetStatus().GetDetails()[0].UnmarshalTo(info); err != nil {
		panic(err)
	}
	fmt.Println(result.StatusName, result.Reason, info.GetMetadata()["retry"], info.GetMetadata()["outcome"])
	fmt.Println("certain:", info.GetMetadata()["certain"])
	// Output:
	// FAILED_PRECONDITION INSTANCE_OPERATION_IN_PROGRESS VERIFY_FIRST UNKNOWN
	// certain: false
}

func ExampleTranslator_Explain() {
	c, err := catalog.Embedded()
	if err != nil {
		panic(err)
	}
	t := translate.New(c, translate.DefaultItems)
	x := t.Explain(translate.Response{Response: envelope.Response{
		HTTPStatus: 500,
		Body:       []byte(`{"error_code":"CBC.99006006","error_msg":"CBC.6055: too much"}`),
	}})
	for _, r := range x.Rules {
		if r.Fits {
			fmt.Printf("%s: %s, chosen: %t\n", r.Name, r.Reason, r.Chosen)
		}
	}
	// Output:
	// nested code: QUOTE_AMOUNT_EXCEEDS_MAX, chosen: true
	// row of the table: PRODUCT_NOT_FOUND, chosen: false
	// HTTP status: UNRECOGNIZED_CODE, chosen: false
}
