import com.huaweicloud.sdk.bss.v2.BssClient;
import com.huaweicloud.sdk.bss.v2.model.CancelCustomerOrderReq;
import com.huaweicloud.sdk.bss.v2.model.CancelCustomerOrderRequest;
import com.huaweicloud.sdk.bss.v2.model.CancelResourcesSubscriptionRequest;
import com.huaweicloud.sdk.bss.v2.model.CreateCustomerV2Req;
import com.huaweicloud.sdk.bss.v2.model.CreateSubCustomerRequest;
import com.huaweicloud.sdk.bss.v2.model.PayCustomerOrderV3Req;
import com.huaweicloud.sdk.bss.v2.model.PayOrdersRequest;
import com.huaweicloud.sdk.bss.v2.model.RenewalResourcesReq;
import com.huaweicloud.sdk.bss.v2.model.RenewalResourcesRequest;
import com.huaweicloud.sdk.bss.v2.model.ShowCustomerOrderDetailsRequest;
import com.huaweicloud.sdk.bss.v2.model.UnsubscribeResourcesReq;
import com.huaweicloud.sdk.core.SdkResponse;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Operations of the Java SDK, by the path of the fake CBC's scenarios. */
final class Operations {
  private static final String ORDERS = "/v2/orders/customer-orders/details/";

  private static final Map<String, Function<BssClient, SdkResponse>> METHODS =
      Map.of(
          "/v2/orders/customer-orders/cancel",
          client ->
              client.cancelCustomerOrder(
                  new CancelCustomerOrderRequest()
                      .withBody(new CancelCustomerOrderReq().withOrderId("CS1"))),
          "/v2/orders/subscriptions/resources/unsubscribe",
          client ->
              client.cancelResourcesSubscription(
                  new CancelResourcesSubscriptionRequest()
                      .withBody(
                          new UnsubscribeResourcesReq()
                              .withResourceIds(List.of("r1", "r2"))
                              .withUnsubscribeType(1))),
          "/v2/orders/subscriptions/resources/renew",
          client ->
              client.renewalResources(
                  new RenewalResourcesRequest()
                      .withBody(
                          new RenewalResourcesReq()
                              .withResourceIds(List.of("r1"))
                              .withPeriodType(2)
                              .withPeriodNum(1))),
          "/v3/orders/customer-orders/pay",
          client ->
              client.payOrders(
                  new PayOrdersRequest()
                      .withBody(
                          new PayCustomerOrderV3Req()
                              .withOrderId("CS1")
                              .withUseCoupon("NO")
                              .withUseDiscount("NO"))),
          "/v2/partners/sub-customers",
          client ->
              client.createSubCustomer(
                  new CreateSubCustomerRequest()
                      .withBody(
                          new CreateCustomerV2Req().withXaccountId("x").withXaccountType("y"))));

  private Operations() {}

  /** Calls the operation of a path once. */
  static SdkResponse call(BssClient client, String path) {
    return path.startsWith(ORDERS)
        ? client.showCustomerOrderDetails(order(path.substring(ORDERS.length())))
        : METHODS.get(path).apply(client);
  }

  static ShowCustomerOrderDetailsRequest order(String id) {
    return new ShowCustomerOrderDetailsRequest().withOrderId(id);
  }
}
