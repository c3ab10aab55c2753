import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cbcerr.CbcFailure;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the programs of the README. */
class RecipeTest {
  private static final String OVERLOADED = "Blocked by olc";
  private static final String THROTTLED = "消息流量控制。 请稍后重试，并降低请求频率。";
  private static final String INTERNAL = "{\"error_code\":\"CBC.4003\"}";
  private static final String SUCCESS = "{\"order_info\":{\"order_id\":\"CS1\"}}";

  private interface Program {
    void main(String... args) throws Exception;
  }

  /** Returns what a program prints. */
  private static String output(Program program, String... args) throws Exception {
    PrintStream console = System.out;
    var bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      program.main(args);
    } finally {
      System.setOut(console);
    }
    return bytes.toString(StandardCharsets.UTF_8).strip();
  }

  @Test
  void showOrder() throws Exception {
    String order = output(ShowOrder::main, Servers.CBCERRD, Servers.CBC, "order");
    assertTrue(order.contains("orderId: order"), order);
    assertEquals(
        "RESOURCE_ORDER_IN_PROGRESS 资源有处理中的订单,不能进行当前操作。",
        output(ShowOrder::main, Servers.CBCERRD, Servers.CBC, "order_in_progress"));
    String alone = output(ShowOrder::main, Servers.CLOSED, Servers.CBC, "wrong_site");
    assertTrue(alone.startsWith("ClientRequestException {"), alone);
    // The SDK alone takes an error with HTTP 200 for an empty order.
    assertEquals("null", output(ShowOrder::main, Servers.CLOSED, Servers.CBC, "order_in_progress"));
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void recipe_succeedsInTheEnd(Program recipe) throws Exception {
    try (var cbc = new Servers.Cbc(2, 429, OVERLOADED, SUCCESS)) {
      String output = output(recipe, Servers.CBCERRD, cbc.url(), "CS1");
      assertTrue(output.contains("CS1"), output);
      assertEquals(3, cbc.requests());
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void recipe_givesUp(Program recipe) throws Exception {
    try (var cbc = new Servers.Cbc(9, 429, OVERLOADED, SUCCESS)) {
      assertEquals(THROTTLED, output(recipe, Servers.CBCERRD, cbc.url(), "CS1"));
      assertEquals(3, cbc.requests());
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void recipe_retryNotPermitted(Program recipe) throws Exception {
    try (var cbc = new Servers.Cbc(1, 403, "{\"error_code\":\"CBC.0151\"}", SUCCESS)) {
      String output = output(recipe, Servers.CBCERRD, cbc.url(), "CS1");
      assertTrue(output.startsWith("访问拒绝"), output);
      assertEquals(1, cbc.requests());
    }
  }

  /** A GET request may be repeated after an internal error; another one may not. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void recipe_idempotent(boolean idempotent) throws Exception {
    try (var cbc = new Servers.Cbc(1, 500, INTERNAL, SUCCESS)) {
      var channel = Servers.channel(Servers.CBCERRD);
      var request = HttpRequest.newBuilder(URI.create(cbc.url())).build();
      if (idempotent) {
        assertEquals(200, FromHttpResponse.send(request, true, channel).statusCode());
      } else {
        assertThrows(CbcFailure.class, () -> FromHttpResponse.send(request, false, channel));
      }
      assertEquals(idempotent ? 2 : 1, cbc.requests());
    }
  }

  /** Without cbcerrd, the HTTP status decides. */
  @Test
  void fromHttpResponse_fallback() throws Exception {
    try (var cbc = new Servers.Cbc(1, 429, OVERLOADED, SUCCESS)) {
      assertThrows(
          StatusRuntimeException.class,
          () -> output(FromHttpResponse::main, Servers.CLOSED, cbc.url()));
      assertEquals(SUCCESS, output(FromHttpResponse::main, Servers.CLOSED, cbc.url()));
    }
  }

  static List<Named<Program>> recipes() {
    return List.of(
        Named.of("FromException", FromException::main),
        Named.of("FromHttpResponse", FromHttpResponse::main));
  }

  @ParameterizedTest
  @ValueSource(strings = {"example/Example.java", "huaweicloud/example/ShowOrder.java"})
  void readme_program(String name) throws IOException {
    String program = Files.readString(Path.of("gen/java", name));
    assertTrue(
        Files.readString(Path.of("gen/java/README.md")).contains("```java\n" + program + "```\n"));
  }
}
