// Command go calls the CBC with the Go SDK and writes what the program sees of each call.
//
//	go ENDPOINT ACCESS_KEY SECRET_KEY METHOD=PATH...
//
// Each line of the output is a JSON object of a path and a result, or the parts of an error.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/global"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
	bss "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/bss/v2"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/bss/v2/model"
)

func main() {
	client, err := newClient(os.Args[1], os.Args[2], os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	out := json.NewEncoder(os.Stdout)
	for _, arg := range os.Args[4:] {
		_, path, _ := strings.Cut(arg, "=")
		line := outcome(call(client, path))
		line["path"] = path
		if err := out.Encode(line); err != nil {
			log.Fatal(err)
		}
	}
}

func newClient(endpoint, access, secret string) (*bss.BssClient, error) {
	keys, err := global.NewCredentialsBuilder().WithAk(access).WithSk(secret).WithDomainId("domain").SafeBuild()
	if err != nil {
		return nil, err
	}
	http, err := bss.BssClientBuilder().WithEndpoint(endpoint).WithCredential(keys).SafeBuild()
	return bss.NewBssClient(http), err
}

// call calls the operation of a path once.
func call(c *bss.BssClient, path string) (response any, err error) {
	if order, ok := strings.CutPrefix(path, "/v2/orders/customer-orders/details/"); ok {
		return c.ShowCustomerOrderDetails(&model.ShowCustomerOrderDetailsRequest{OrderId: order})
	}
	switch path {
	case "/v2/orders/customer-orders/cancel":
		return c.CancelCustomerOrder(&model.CancelCustomerOrderRequest{Body: &model.CancelCustomerOrderReq{OrderId: "CS1"}})
	case "/v2/orders/subscriptions/resources/unsubscribe":
		return c.CancelResourcesSubscription(&model.CancelResourcesSubscriptionRequest{Body: &model.UnsubscribeResourcesReq{ResourceIds: []string{"r1", "r2"}}})
	case "/v2/orders/subscriptions/resources/renew":
		return c.RenewalResources(&model.RenewalResourcesRequest{Body: &model.RenewalResourcesReq{ResourceIds: []string{"r1"}}})
	case "/v3/orders/customer-orders/pay":
		return c.PayOrders(&model.PayOrdersRequest{Body: &model.PayCustomerOrderV3Req{OrderId: "CS1", UseCoupon: "NO", UseDiscount: "NO"}})
	case "/v2/partners/sub-customers":
		return c.CreateSubCustomer(&model.CreateSubCustomerRequest{Body: &model.CreateCustomerV2Req{XaccountId: "x", XaccountType: "y"}})
	}
	return nil, fmt.Errorf("no operation has the path %s", path)
}

// outcome returns what a program sees of a call.
func outcome(response any, err error) map[string]any {
	var service *sdkerr.ServiceResponseError
	switch {
	case err == nil:
		text, _ := json.Marshal(response)
		return map[string]any{"result": fmt.Sprintf("%T %s", response, text)}
	case errors.As(err, &service):
		return map[string]any{
			"type": fmt.Sprintf("%T", err), "status": service.StatusCode, "code": service.ErrorCode,
			"message": service.ErrorMessage, "request": service.RequestId,
		}
	}
	return map[string]any{"type": fmt.Sprintf("%T", err), "message": err.Error()}
}
