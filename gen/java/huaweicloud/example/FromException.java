import com.cbcerr.CbcFailure;
import com.cbcerr.huaweicloud.CbcExceptionHandler;
import com.huaweicloud.sdk.bss.v2.BssClient;
import com.huaweicloud.sdk.bss.v2.model.ShowCustomerOrderDetailsRequest;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import io.grpc.Channel;
import io.grpc.ManagedChannelBuilder;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Shows an order with a client that does not have the adapter. The arguments are the target of
 * cbcerrd, the endpoint of the CBC and the ID of the order.
 */
public final class FromException {
  private static final int MAX_ATTEMPTS = 3;
  private static final Duration MAX_WAIT = Duration.ofMinutes(1);

  public static void main(String[] args) throws InterruptedException {
    var channel = ManagedChannelBuilder.forTarget(args[0]).usePlaintext().build();
    CbcExceptionHandler.connect(channel);
    var client = BssClient.newBuilder().withEndpoint(args[1]).build();
    var request = new ShowCustomerOrderDetailsRequest().withOrderId(args[2]);
    try {
      var order = call(() -> client.showCustomerOrderDetails(request), true, channel);
      System.out.println(order.getOrderInfo());
    } catch (CbcFailure failure) {
      System.out.println(failure.error().getMessage() + " " + failure.error().getAdvice());
    } finally {
      channel.shutdown();
    }
  }

  /** Makes a call, and repeats it a few times if that is safe. */
  static <T> T call(Supplier<T> method, boolean idempotent, Channel channel)
      throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return method.get();
      } catch (ServiceResponseException e) {
        var failure = CbcExceptionHandler.fromException(e, channel, "zh-CN").orElseThrow(() -> e);
        var wait = failure.error().getRetryDelay().orElse(Duration.ofSeconds(1L << attempt));
        if (attempt == MAX_ATTEMPTS
            || !failure.error().shouldRetry(idempotent)
            || wait.compareTo(MAX_WAIT) > 0) {
          throw failure;
        }
        Thread.sleep(wait.toMillis());
      }
    }
  }
}
