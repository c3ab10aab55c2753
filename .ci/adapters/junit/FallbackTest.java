import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cbcerr.huaweicloud.CbcExceptionHandler;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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
      Object got = Sdk.call(client, scenario);
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
    assertTrue(CbcExceptionHandler.fromException(e, channel).isEmpty());
  }

  /** A call waits for cbcerrd for at most a second; the first connection has ten. */
  @Test
  void deadline() throws IOException {
    var seen = new ConcurrentLinkedQueue<Long>();
    var channel = ClientInterceptors.intercept(Servers.channel(Servers.CLOSED), deadlines(seen));
    var alone = Sdk.client(Servers.CBC);
    var client = Sdk.client(Servers.CBC, new CbcExceptionHandler(channel));
    Scenario refused = Scenario.named("wrong_site");
    Sdk.call(client, refused);
    CbcExceptionHandler.fromException((ServiceResponseException) Sdk.call(alone, refused), channel);
    assertEquals(List.of(10L, 1L, 1L), List.copyOf(seen));
  }

  /** Records the deadlines of calls, in seconds and rounded up. */
  private static ClientInterceptor deadlines(Collection<Long> seen) {
    return new ClientInterceptor() {
      @Override
      public <Q, A> ClientCall<Q, A> interceptCall(
          MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        seen.add(options.getDeadline().timeRemaining(TimeUnit.MILLISECONDS) / 1000 + 1);
        return next.newCall(method, options);
      }
    };
  }
}
