import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.cbcerr.CbcError;
import com.cbcerr.CbcFailure;
import com.cbcerr.error.v1.FailedItem;
import com.cbcerr.huaweicloud.CbcException;
import com.cbcerr.huaweicloud.CbcExceptionHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.rpc.Code;
import com.huaweicloud.sdk.bss.v2.BssClient;
import com.huaweicloud.sdk.core.exception.ConnectionException;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls the fake CBC in all scenarios, with cbcerrd. */
class ScenarioTest {
  private static final ManagedChannel CHANNEL = Servers.channel(Servers.CBCERRD);
  private static final BssClient ALONE = Sdk.client(Servers.CBC);
  private static final BssClient CLIENT =
      Sdk.client(Servers.CBC, new CbcExceptionHandler(CHANNEL, "zh-CN"));

  @BeforeAll
  static void awaitConnection() throws InterruptedException {
    Servers.awaitConnection(CHANNEL);
  }

  @ParameterizedTest
  @MethodSource("Scenario#readable")
  void adapter(Scenario scenario) throws IOException {
    Object alone = Sdk.call(ALONE, scenario);
    Object result = Sdk.call(CLIENT, scenario);
    if (!scenario.failed()) {
      assertEquals(alone, result);
      return;
    }
    CbcException failure = assertInstanceOf(CbcException.class, result);
    checkMeaning(scenario, failure.error());
    assertEquals(scenario.want("wait"), wait(failure.error()));
    assertEquals(strings(scenario.want().path("items")), ids(failure.items()));
    assertEquals(scenario.body(), failure.body());
    assertSame(failure.failure(), CbcFailure.fromThrowable((Throwable) result).orElseThrow());
    checkSdkException(scenario, (ServiceResponseException) result, alone);
  }

  /** Checks that code for the SDK alone catches and reads the exception as before. */
  private void checkSdkException(Scenario scenario, ServiceResponseException e, Object alone)
      throws IOException {
    assertEquals(scenario.status(), e.getHttpStatusCode());
    if (scenario.status() < 400) {
      assertSame(ServiceResponseException.class, e.getClass().getSuperclass());
      return;
    }
    assertSame(alone.getClass(), e.getClass().getSuperclass());
    assertEquals("Cbc" + alone, e.toString());
    JsonNode fields = json((Exception) alone);
    JsonNode actual = json(e);
    fields.fieldNames().forEachRemaining(name -> assertEquals(fields.get(name), actual.get(name)));
  }

  @ParameterizedTest
  @MethodSource("Scenario#thrown")
  void fromException(Scenario scenario) {
    var alone = assertInstanceOf(ServiceResponseException.class, Sdk.call(ALONE, scenario));
    CbcFailure failure = CbcExceptionHandler.fromException(alone, CHANNEL, "zh-CN").orElseThrow();
    checkMeaning(scenario, failure.error());
    assertEquals("zh-CN", failure.error().getLocale());
  }

  /** The SDK gives up before it asks its exception handler. */
  @Test
  void adapter_bodyBrokenOff() throws IOException {
    Scenario scenario = Scenario.named(Scenario.UNREADABLE);
    assertSame(ConnectionException.class, Sdk.call(ALONE, scenario).getClass());
    assertSame(ConnectionException.class, Sdk.call(CLIENT, scenario).getClass());
  }

  @Test
  void adapter_asyncClient() {
    var client = Sdk.asyncClient(Servers.CBC, new CbcExceptionHandler(CHANNEL));
    var call = client.showCustomerOrderDetailsAsync(Operations.order("order_in_progress"));
    var thrown = assertThrows(CompletionException.class, call::join);
    assertInstanceOf(CbcException.class, thrown.getCause());
    assertEquals("CBC.3144", CbcError.fromThrowable(thrown).orElseThrow().getCode());
  }

  @Test
  void fromException_ofAdapter() throws IOException {
    var e = (ServiceResponseException) Sdk.call(CLIENT, Scenario.named("throttled"));
    var failure = CbcExceptionHandler.fromException(e, CHANNEL).orElseThrow();
    assertSame(((CbcException) e).failure(), failure);
  }

  private static void checkMeaning(Scenario scenario, CbcError error) {
    assertEquals(scenario.want("status"), Code.forNumber(error.getStatus().getCode()).name());
    assertEquals(scenario.want("code"), error.getCode());
    assertEquals(scenario.want("reason"), error.getReason());
    assertEquals(scenario.want("retry"), error.getRetry());
    assertEquals(scenario.want("outcome"), error.getOutcome());
  }

  private static String wait(CbcError error) {
    return error.getRetryDelay().map(Duration::toSeconds).map(s -> s + "s").orElse("");
  }

  private static List<String> ids(List<FailedItem> items) {
    return items.stream().map(FailedItem::getId).toList();
  }

  private static List<String> strings(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }

  /** Returns the fields of an exception as Jackson reads them, but for cause and stack. */
  private static JsonNode json(Exception e) {
    ObjectNode fields = new ObjectMapper().valueToTree(e);
    return fields.without(List.of("cause", "stackTrace"));
  }
}
