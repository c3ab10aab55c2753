package huaweicloud_test

import (
	"errors"
	"fmt"
	"log"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/client"
	"github.com/cbcerr/cbcerr/service/client/huaweicloud"
	"github.com/cbcerr/cbcerr/service/test/fakecbc"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/global"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
	bss "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/bss/v2"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/bss/v2/model"
)

// The CBC refuses the call with HTTP 200. The SDK alone would return an empty order.
func Example() {
	cbc, err := fakecbc.Start()
	if err != nil {
		log.Fatal(err)
	}
	keys, err := global.NewCredentialsBuilder().WithAk(fakecbc.TestKeys.Access).WithSk(fakecbc.TestKeys.Secret).WithDomainId("d").SafeBuild()
	if err != nil {
		log.Fatal(err)
	}

	t, err := client.New(client.WithSite("cn"))
	if err != nil {
		log.Fatal(err)
	}
	hc, err := bss.BssClientBuilder().WithEndpoint(cbc.URL).WithCredential(keys).
		WithErrorHandler(huaweicloud.NewErrorHandler(t)).SafeBuild()
	if err != nil {
		log.Fatal(err)
	}
	_, err = bss.NewBssClient(hc).ShowCustomerOrderDetails(&model.ShowCustomerOrderDetailsRequest{OrderId: "order_in_progress"})
	if errors.Is(err, cbcerr.ReasonResourceOrderInProgress) {
		wait, ok := cbcerr.ShouldRetry(err, false)
		fmt.Println(err)
		fmt.Println(wait, ok)
	}
	cbc.Close()
	// Output:
	// CBC.3144 RESOURCE_ORDER_IN_PROGRESS: Operation not supported. There is an order in progress for this resource.
	// 30s true
}

// A program that does not build the SDK client itself has the error alone. One of HTTP 200 it does not get.
func ExampleFromError() {
	t, err := client.New()
	if err != nil {
		log.Fatal(err)
	}
	err = &sdkerr.ServiceResponseError{StatusCode: 403, RequestId: "q1", ErrorCode: "CBC.5003", ErrorMessage: "Insufficient balance."} // of the SDK
	err = huaweicloud.FromError(t, err)
	if e, ok := cbcerr.FromError(err); ok {
		fmt.Println(e.Reason, e.Retry)
	}
	// Output: BALANCE_INSUFFICIENT FIX_STATE
}
