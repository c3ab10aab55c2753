package huaweicloud_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/cbcerr/cbcerr/gen/go/cbcerr"
	"github.com/cbcerr/cbcerr/service/client"
	"github.com/cbcerr/cbcerr/service/client/huaweicloud"
	"github.com/cbcerr/cbcerr/service/test/fakecbc"
	"github.com/cbcerr/cbcerr/service/test/golden"
	"github.com/google/go-cmp/cmp"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/global"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
	bss "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/bss/v2"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/bss/v2/model"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
)

// newClient returns a client of the SDK. Without a handler it is the SDK alone.
func newClient(t *testing.T, endpoint string, handler sdkerr.ErrorHandler) *bss.BssClient {
	t.Helper()
	keys, err := global.NewCredentialsBuilder().WithAk(fakecbc.TestKeys.Access).WithSk(fakecbc.TestKeys.Secret).WithDomainId("d").SafeBuild()
	if err != nil {
		t.Fatal(err)
	}
	builder := bss.BssClientBuilder().WithEndpoint(endpoint).WithCredential(keys)
	if handler != nil {
		builder = builder.WithErrorHandler(handler)
	}
	hc, err := builder.SafeBuild()
	if err != nil {
		t.Fatal(err)
	}
	return bss.NewBssClient(hc)
}

func newHandler(t *testing.T, options ...client.Option) sdkerr.ErrorHandler {
	t.Helper()
	translator, err := client.New(options...)
	if err != nil {
		t.Fatal(err)
	}
	return huaweicloud.NewErrorHandler(translator)
}

// start starts a fake CBC and returns its scenarios.
func start(t *testing.T) (*fakecbc.Server, []fakecbc.Scenario) {
	t.Helper()
	cbc, err := fakecbc.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cbc.Close)
	all, err := fakecbc.Scenarios()
	if err != nil {
		t.Fatal(err)
	}
	return cbc, all
}

// operations are the methods of the SDK for the paths of scenarios. Orders are named like their scenarios.
var operations = map[string]func(*bss.BssClient) error{
	"/v2/orders/customer-orders/cancel": func(c *bss.BssClient) error {
		_, err := c.CancelCustomerOrder(&model.CancelCustomerOrderRequest{Body: &model.CancelCustomerOrderReq{OrderId: "CS1"}})
		return err
	},
	"/v2/orders/subscriptions/resources/unsubscribe": func(c *bss.BssClient) error {
		_, err := c.CancelResourcesSubscription(&model.CancelResourcesSubscriptionRequest{Body: &model.UnsubscribeResourcesReq{ResourceIds: []string{"r1", "r2"}}})
		return err
	},
	"/v2/orders/subscriptions/resources/renew": func(c *bss.BssClient) error {
		_, err := c.RenewalResources(&model.RenewalResourcesRequest{Body: &model.RenewalResourcesReq{ResourceIds: []string{"r1"}}})
		return err
	},
	"/v3/orders/customer-orders/pay": func(c *bss.BssClient) error {
		_, err := c.PayOrders(&model.PayOrdersRequest{Body: &model.PayCustomerOrderV3Req{OrderId: "CS1", UseCoupon: "NO", UseDiscount: "NO"}})
		return err
	},
	"/v2/partners/sub-customers": func(c *bss.BssClient) error {
		_, err := c.CreateSubCustomer(&model.CreateSubCustomerRequest{Body: &model.CreateCustomerV2Req{XaccountId: "x", XaccountType: "y"}})
		return err
	},
}

// run calls the operation of a scenario.
func run(c *bss.BssClient, s fakecbc.Scenario) error {
	if order, ok := strings.CutPrefix(s.Path, "/v2/orders/customer-orders/details/"); ok {
		_, err := c.ShowCustomerOrderDetails(&model.ShowCustomerOrderDetailsRequest{OrderId: order})
		return err
	}
	return operations[s.Path](c)
}

// Every scenario has its meaning, every request a valid signature, and the error of the SDK is found.
func TestErrorHandler_Scenarios(t *testing.T) {
	cbc, all := start(t)
	caller := newClient(t, cbc.URL, newHandler(t))
	for _, s := range all {
		checkScenario(t, s, run(caller, s))
	}
	for i, c := range cbc.Calls() {
		if c.Signature != nil || c.Scenario != all[i].Name {
			t.Errorf("call %d: %q, %v", i, c.Scenario, c.Signature)
		}
	}
}

func checkScenario(t *testing.T, s fakecbc.Scenario, err error) {
	t.Helper()
	var failure *client.Failure
	var plain *sdkerr.ServiceResponseError
	if !s.Want.Failed() {
		if errors.As(err, &failure) || errors.As(err, &plain) {
			t.Errorf("%s: %v", s.Name, err)
		}
		return
	}
	if !errors.As(err, &failure) || !errors.As(err, &plain) || !errors.Is(err, cbcerr.Reason(s.Want.Reason)) {
		t.Errorf("%s: %v, want %+v", s.Name, err, s.Want)
		return
	}
	wait, _ := cbcerr.ShouldRetry(err, false)
	if e := failure.Err; code.Code_name[e.Status.GetCode()] != s.Want.Status || e.Code != s.Want.Code || string(e.Retry) != s.Want.Retry ||
		string(e.Outcome) != s.Want.Outcome || fakecbc.Duration(wait) != s.Want.Wait || len(failure.Items) != len(s.Want.Items) {
		t.Errorf("%s: %+v, want %+v", s.Name, e, s.Want)
	}
	if s.Name == "broken_off" { // the SDK cannot read the body
		s.Status, s.Name = 0, ""
	}
	if plain.StatusCode != s.Status || plain.RequestId != s.Name {
		t.Errorf("%s: the error of the SDK is %+v", s.Name, plain)
	}
}

// A handler without a Translator cannot tell an error from a success.
func TestErrorHandler_NoTranslator(t *testing.T) {
	cbc, _ := start(t)
	_, err := newClient(t, cbc.URL, huaweicloud.NewErrorHandler(nil)).ShowCustomerOrderDetails(&model.ShowCustomerOrderDetailsRequest{OrderId: "order"})
	if _, failed := errors.AsType[*client.Failure](err); err == nil || failed {
		t.Errorf("%v, failure %t", err, failed)
	}
}

// A success is the object that the SDK alone returns.
func TestErrorHandler_Success(t *testing.T) {
	cbc, _ := start(t)
	order := &model.ShowCustomerOrderDetailsRequest{OrderId: "order"}
	want, err := newClient(t, cbc.URL, nil).ShowCustomerOrderDetails(order)
	if err != nil {
		t.Fatal(err)
	}
	got, err := newClient(t, cbc.URL, newHandler(t)).ShowCustomerOrderDetails(order)
	if err != nil || got.String() != want.String() || got.HttpStatusCode != 200 || *got.OrderInfo.OrderId != "order" {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
}

// Every golden case that a server can send has its translation.
func TestErrorHandler_Golden(t *testing.T) {
	cases, err := golden.Read("../../translate/testdata")
	if err != nil {
		t.Fatal(err)
	}
	sent := 0
	for _, c := range cases {
		if c.Status == 0 || c.Header("Content-Length") != "" || c.Header("Content-Encoding") != "" || c.Status == http.StatusNoContent {
			continue
		}
		sent++
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"], w.Header()["Date"] = nil, nil
			for name, value := range c.Headers {
				w.Header().Set(name, value)
			}
			w.WriteHeader(c.Status)
			_ = http.NewResponseController(w).Flush() // the cases have no length
			_, _ = w.Write(c.Body)
		}))
		handler := newHandler(t, client.WithLocales(c.Locale), client.WithSite(c.Site), client.WithService(c.Service))
		_, err := newClient(t, server.URL, handler).ShowCustomerOrderDetails(&model.ShowCustomerOrderDetailsRequest{OrderId: "CS1"})
		server.Close()
		failure, failed := errors.AsType[*client.Failure](err)
		if failed != (c.Want.GetStatus().GetCode() != 0) || failed && !proto.Equal(failure.Err.Status, c.Want.GetStatus()) {
			t.Errorf("%s: %v (-want +got)\n%s", c.Name, err, cmp.Diff(c.Want.GetStatus(), failure.Err.Status, protocmp.Transform()))
		}
	}
	if sent < 150 {
		t.Errorf("%d cases", sent)
	}
}

// One handler serves concurrent calls.
func TestErrorHandler_Concurrent(t *testing.T) {
	cbc, all := start(t)
	caller := newClient(t, cbc.URL, newHandler(t))
	var calls sync.WaitGroup
	for range 4 {
		calls.Go(func() {
			for _, s := range all {
				checkScenario(t, s, run(caller, s))
			}
		})
	}
	calls.Wait()
}
