import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.cbcerr.huaweicloud.CbcException;
import com.cbcerr.huaweicloud.CbcExceptionHandler;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.util.List;
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

  /** Successes that cbcerrd refuses, or that begin with a byte order mark. */
  @ParameterizedTest
  @MethodSource("successes")
  void adapter_success(String body) throws IOException {
    assertEquals(call(200, body, false), call(200, body, true));
  }

  static List<String> successes() {
    String order = "{\"order_info\":{\"order_id\":\"order\"}}";
    return List.of(
        order, "\uFEFF" + order, "", order + " ".repeat(2 << 20), order + " ".repeat(9 << 20));
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
}
