import com.fasterxml.jackson.databind.ObjectMapper;
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
import com.huaweicloud.sdk.core.auth.GlobalCredentials;
import com.huaweicloud.sdk.core.exception.SdkException;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls the CBC with the Java SDK and writes what the program sees of each call.
 *
 * <p>The arguments are ENDPOINT ACCESS_KEY SECRET_KEY METHOD=PATH..., and each line of the output is a JSON
 * object of a path and a result, or the parts of an exception.
 */
public final class Calls {
  private static final String DETAILS = "/v2/orders/customer-orders/details/";

  private Calls() {}

  public static void main(String[] args) throws Exception {
    GlobalCredentials credentials =
        new GlobalCredentials().withAk(args[1]).withSk(args[2]).withDomainId("domain");
    BssClient client =
        BssClient.newBuilder().withCredential(credentials).withEndpoint(args[0]).build();
    ObjectMapper json = new ObjectMapper();
    for (String call : Arrays.copyOfRange(args, 3, args.length)) {
      String path = call.substring(call.indexOf('=') + 1);
      Map<String, Object> line = outcome(client, path);
      line.put("path", path);
      System.out.println(json.writeValueAsString(line));
    }
  }

  /** Calls the operation of a path once. */
  private static SdkResponse call(BssClient client, String path) {
    if (path.startsWith(DETAILS)) {
      return client.showCustomerOrderDetails(
          new ShowCustomerOrderDetailsRequest().withOrderId(path.substring(DETAILS.length())));
    }
    switch (path) {
      case "/v2/orders/customer-orders/cancel":
        return client.cancelCustomerOrder(
            new CancelCustomerOrderRequest()
                .withBody(new CancelCustomerOrderReq().withOrderId("CS1")));
      case "/v2/orders/subscriptions/resources/unsubscribe":
        return client.cancelResourcesSubscription(
            new CancelResourcesSubscriptionRequest()
                .withBody(
                    new UnsubscribeResourcesReq()
                        .withResourceIds(List.of("r1", "r2"))
                        .withUnsubscribeType(1)));
      case "/v2/orders/subscriptions/resources/renew":
        return client.renewalResources(
            new RenewalResourcesRequest()
                .withBody(new RenewalResourcesReq().withResourceIds(List.of("r1"))));
      case "/v3/orders/customer-orders/pay":
        return client.payOrders(
            new PayOrdersRequest()
                .withBody(
                    new PayCustomerOrderV3Req()
                        .withOrderId("CS1")
                        .withUseCoupon("NO")
                        .withUseDiscount("NO")));
      case "/v2/partners/sub-customers":
        return client.createSubCustomer(
            new CreateSubCustomerRequest()
                .withBody(new CreateCustomerV2Req().withXaccountId("x").withXaccountType("y")));
      default:
        throw new IllegalArgumentException(path);
    }
  }

  /** Returns what a program sees of a call. */
  private static Map<String, Object> outcome(BssClient client, String path) {
    Map<String, Object> seen = new LinkedHashMap<>();
    try {
      SdkResponse response = call(client, path);
      seen.put("result", response.getHttpStatusCode() + " " + response);
    } catch (ServiceResponseException e) {
      seen.put("type", e.getClass().getSimpleName());
      seen.put("status", e.getHttpStatusCode());
      seen.put("code", e.getErrorCode());
      seen.put("message", e.getErrorMsg());
      seen.put("request", e.getRequestId());
    } catch (SdkException e) {
      seen.put("type", e.getClass().getSimpleName());
      seen.put("message", e.getMessage());
    }
    return seen;
  }
}
