import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cbcerr.huaweicloud.CbcExceptionHandler;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls the fake CBC without cbcerrd: the results are those of the SDK alone. */
class FallbackTest {
  private static ServerSocket silent;

  @BeforeAll
  static void listen() throws IOException {
    silent = Servers.silent();
  }

  @AfterAll
  static void close() throws IOException {
    silent.close();
  }

  static List<String> addresses() {
    return List.of(Servers.CLOSED, "127.0.0.1:" + silent.getLocalPort());
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void adapter(String address) throws IOException {
    var alone = Sdk.client(Servers.CBC);
    var client = Sdk.client(Servers.CBC, new CbcExceptionHandler(Servers.channel(address)));
    for (String name :
        List.of(
            "order",
            "order_canceled",
            "order_in_progress",
            "balance_insufficient",
            "wrapped_code")) {
      Scenario scenario = Scenario.named(name);
      Object want = Sdk.call(alone, scenario);
      Object got = assertTimeout(Duration.ofSeconds(5), () -> Sdk.call(client, scenario));
      assertEquals(want.getClass(), got.getClass());
      assertEquals(want.toString(), got.toString());
    }
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void fromException(String address) throws IOException {
    var channel = Servers.channel(address);
    var e =
        (ServiceResponseException) Sdk.call(Sdk.client(Servers.CBC), Scenario.named("throttled"));
    assertTimeout(
        Duration.ofSeconds(5),
        () -> assertTrue(CbcExceptionHandler.fromException(e, channel).isEmpty()));
  }
}
