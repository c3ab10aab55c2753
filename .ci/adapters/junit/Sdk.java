import com.huaweicloud.sdk.bss.v2.BssAsyncClient;
import com.huaweicloud.sdk.bss.v2.BssClient;
import com.huaweicloud.sdk.core.ClientBuilder;
import com.huaweicloud.sdk.core.exception.ExceptionHandler;
import com.huaweicloud.sdk.core.exception.SdkException;
import java.util.List;

/** Clients of the SDK. */
final class Sdk {
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

  /** Returns what the call of a scenario returns or throws. */
  static Object call(BssClient client, Scenario scenario) {
    try {
      return Operations.call(client, scenario.path());
    } catch (SdkException e) {
      return e;
    }
  }
}
