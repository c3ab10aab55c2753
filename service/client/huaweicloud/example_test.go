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
