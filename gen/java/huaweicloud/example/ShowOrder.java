import com.cbcerr.huaweicloud.CbcException;
import com.cbcerr.huaweicloud.CbcExceptionHandler;
import com.huaweicloud.sdk.bss.v2.BssClient;
import com.huaweicloud.sdk.bss.v2.model.ShowCustomerOrderDetailsRequest;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import io.grpc.ManagedChannelBuilder;

public final class ShowOrder {
  public static void main(String[] args) {
    var channel = ManagedChannelBuilder.forTarget(args[0]).usePlaintext().build();
    var client =
        BssClient.newBuilder()
            .withEndpoint(args[1])
            .withExceptionHandler(new CbcExceptionHandler(channel, "zh-CN"))
            .build();
    try {
      var request = new ShowCustomerOrderDetailsRequest().withOrderId(args[2]);
      System.out.println(client.showCustomerOrderDetails(request).getOrderInfo());
    } catch (ServiceResponseException e) {
      if (e instanceof CbcException failure) {
        System.out.println(failure.error().getReason() + " " + failure.error().getMessage());
      } else {
        System.out.println(e); // cbcerrd is not available.
      }
    } finally {
      channel.shutdown();
    }
  }
}
