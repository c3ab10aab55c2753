import com.huaweicloud.sdk.bss.v2.BssAsyncClient;
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
import com.huaweicloud.sdk.core.ClientBuilder;
import com.huaweicloud.sdk.core.exception.ExceptionHandler;
import com.huaweicloud.sdk.core.exception.SdkException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Clients of the SDK, and its methods for the paths of scenarios. */
final class Sdk {
  private static final String ORDERS = "/v2/orders/customer-orders/details/";

  private static final Map<String, Function<BssClient, Object>> METHODS =
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

  private Sdk() {}

  /** Returns a client. Without a handler, it is the SDK alone. The keys are in the environment. */
  static BssClient client(String endpoint, ExceptionHandler... handler) {
    return build(BssClient.newBuilder(), endpoint, handler);
  }

  static BssAsyncClient asyncClient(String endpoint, ExceptionHandler... handler) {
    return build(BssAsyncClient.newBuilder(), endpoint, handler);
  }

  private static <T> T build(
      ClientBuilder<T> builder, String endpoint, ExceptionHandler... handler) {
    builder.withEndpoint(endpoint);
    List.of(handler).forEach(builder::withExceptionHandler);
    return builder.build();
  }

  static ShowCustomerOrderDetailsRequest order(String id) {
    return new ShowCustomerOrderDetailsRequest().withOrderId(id);
  }

  /** Returns what the call of a scenario returns or throws. */
  static Object call(BssClient client, Scenario scenario) {
    try {
      return scenario.path().startsWith(ORDERS)
          ? client.showCustomerOrderDetails(order(scenario.path().substring(ORDERS.length())))
          : METHODS.get(scenario.path()).apply(client);
    } catch (SdkException e) {
      return e;
    }
  }
}
