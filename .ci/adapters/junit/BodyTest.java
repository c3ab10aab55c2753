import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cbcerr.huaweicloud.CbcException;
import com.cbcerr.huaweicloud.CbcExceptionHandler;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies on which the SDK or cbcerrd takes another way. */
class BodyTest {
  private static final ManagedChannel CHANNEL = Servers.channel(Servers.CBCERRD);

  @BeforeAll
  static void awaitConnection() throws InterruptedException {
    Servers.awaitConnection(CHANNEL);
  }

  private static Object call(int status, String body, boolean adapter) throws IOException {
    return call(status, body, "application/json", adapter);
  }

  private static Object call(int status, String body, String type, boolean adapter)
      throws IOException {
    try (var cbc = new Servers.Cbc(1, status, body, "", type)) {
      var client =
          adapter ? Sdk.client(cbc.url(), new CbcExceptionHandler(CHANNEL)) : Sdk.client(cbc.url());
      return Sdk.call(client, Scenario.named("order"));
    }
  }

  /** The SDK alone fails with a NullPointerException from 400 on. */
  @ParameterizedTest
  @MethodSource("statuses")
  void adapter_messageNull(int status) throws IOException {
    String body = "{\"error_code\":\"CBC.5003\",\"error_msg\":null}";
    var e = assertInstanceOf(CbcException.class, call(status, body, true));
    assertEquals("BALANCE_INSUFFICIENT", e.error().getReason());
    assertEquals(status, ((ServiceResponseException) e).getHttpStatusCode());
    assertNull(((ServiceResponseException) e).getErrorCode());
  }

  static List<Integer> statuses() {
    return List.of(200, 400, 500);
  }

  /** Successes that are short, empty, or begin with a byte order mark. */
  @ParameterizedTest
  @MethodSource("successes")
  void adapter_success(String body) throws IOException {
    assertEquals(call(200, body, false), call(200, body, true));
  }

  static List<String> successes() {
    String order = "{\"order_info\":{\"order_id\":\"order\"}}";
    return List.of(order, "\uFEFF" + order, "");
  }

  /** The adapter calls cbcerrd once, when it is created. */
  @ParameterizedTest
  @MethodSource("fillings")
  void adapter_longSuccess(String filling) throws IOException {
    String body = "{\"order_info\":{\"order_id\":\"order\"}}" + filling;
    try (var cbc = new Servers.Cbc(0, 200, "", body)) {
      var calls = new AtomicInteger();
      var handler = new CbcExceptionHandler(counted(calls));
      var order = Scenario.named("order");
      assertEquals(
          Sdk.call(Sdk.client(cbc.url()), order), Sdk.call(Sdk.client(cbc.url(), handler), order));
      assertEquals(1, calls.get());
    }
  }

  @ParameterizedTest
  @MethodSource("fillings")
  void adapter_longError(String filling) throws IOException {
    String body = "{\"error_code\":\"CBC.5003\",\"error_msg\":\"" + filling + "\"}";
    var e = assertInstanceOf(CbcException.class, call(403, body, true));
    assertEquals("CBC.5003", e.error().getCode());
    assertTrue(body.startsWith(e.body()));
    assertEquals(1 << 20, e.body().getBytes(StandardCharsets.UTF_8).length, 2);
  }

  /** Texts of more than 1 MiB. The second one has fewer characters. */
  static List<String> fillings() {
    return List.of(" ".repeat(9 << 20), "错".repeat(600_000));
  }

  private static Channel counted(AtomicInteger calls) {
    return ClientInterceptors.intercept(
        CHANNEL,
        new ClientInterceptor() {
          @Override
          public <T, R> ClientCall<T, R> interceptCall(
              MethodDescriptor<T, R> method, CallOptions options, Channel next) {
            calls.incrementAndGet();
            return next.newCall(method, options);
          }
        });
  }

  /** More may stand behind the cut. */
  @Test
  void adapter_cutError() throws IOException {
    String body = "{\"error_code\":\"CBC.0250\",\"error_msg\":\"throttled\"}";
    var whole = assertInstanceOf(CbcException.class, call(400, body, true));
    assertEquals("BACKOFF", whole.error().getRetry());
    var cut = assertInstanceOf(CbcException.class, call(400, body + " ".repeat(1 << 20), true));
    assertEquals("VERIFY_FIRST", cut.error().getRetry());
  }

  /** Data is a success, whatever it says. */
  @ParameterizedTest
  @ValueSource(strings = {"application/octet-stream", "text/csv; charset=utf-8", "image/svg+xml"})
  void adapter_data(String type) throws IOException {
    String body = "{\"error_code\":\"CBC.3144\",\"error_msg\":\"In progress.\"}";
    assertEquals(call(200, body, type, false), call(200, body, type, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "text/xml;charset=utf-8", "text/plain"})
  void adapter_errorType(String type) throws IOException {
    String body = "{\"error_code\":\"CBC.3144\",\"error_msg\":\"In progress.\"}";
    var e = assertInstanceOf(CbcException.class, call(200, body, type, true));
    assertEquals("CBC.3144", e.error().getCode());
  }

  @Test
  void fromException_details() throws IOException {
    String details = "[{\"error_code\":\"CBC.0100\",\"error_msg\":\"b\"}]";
    String body =
        "{\"error_code\":\"CBC.99003651\",\"error_msg\":\"a\",\"details\":" + details + "}";
    var want = assertInstanceOf(CbcException.class, call(400, body, true)).error();
    var alone = assertInstanceOf(ServiceResponseException.class, call(400, body, false));
    var error = CbcExceptionHandler.fromException(alone, CHANNEL).orElseThrow().error();
    assertEquals(want.toString(), error.toString());
    assertEquals(want.getRetry(), error.getRetry());
    assertEquals("VERIFY_FIRST", error.getRetry());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error_code\":\"CBC.0250\",\"error_msg\":\"%s\"}",
        "[{\"error_code\":\"CBC.0250\"}]%s"
      })
  void fromException_longMessage(String body) throws IOException {
    String text = String.format(body, "x".repeat(1 << 20));
    var alone = assertInstanceOf(ServiceResponseException.class, call(400, text, false));
    var error = CbcExceptionHandler.fromException(alone, CHANNEL).orElseThrow().error();
    assertEquals("CBC.0250", error.getCode());
    assertEquals("VERIFY_FIRST", error.getRetry());
  }
}
