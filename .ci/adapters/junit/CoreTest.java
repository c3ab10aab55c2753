import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cbcerr.CbcError;
import com.cbcerr.CbcFailure;
import com.cbcerr.error.v1.RawResponse;
import com.cbcerr.error.v1.TranslateRequest;
import com.cbcerr.error.v1.Translation;
import com.cbcerr.error.v1.TranslationServiceGrpc;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The parts of the package that need no SDK. */
class CoreTest {
  private static final RawResponse PARTIAL =
      RawResponse.newBuilder()
          .setHttpStatus(200)
          .setText("{\"error_details\":[{\"id\":\"r2\",\"error_code\":\"CBC.30000067\"}]}")
          .build();

  private static Translation translate(RawResponse response) {
    var channel = Servers.channel(Servers.CBCERRD);
    try {
      var request = TranslateRequest.newBuilder().setResponse(response).build();
      var stub = TranslationServiceGrpc.newBlockingStub(channel);
      return stub.translate(request).getTranslation();
    } finally {
      channel.shutdown();
    }
  }

  @Test
  void failure_ofTranslation() {
    var failure = CbcFailure.of(PARTIAL, translate(PARTIAL)).orElseThrow();
    assertEquals("PARTIAL_FAILURE", failure.error().getReason());
    assertEquals(failure.error().toString(), failure.getMessage());
    assertEquals("r2", failure.items().get(0).getId());
    assertEquals(PARTIAL, failure.response());
    var wrapped = new IllegalStateException(failure);
    assertEquals("PARTIAL_FAILURE", CbcError.fromThrowable(wrapped).orElseThrow().getReason());
  }

  @Test
  void failure_ofSuccess() {
    RawResponse success = RawResponse.newBuilder().setHttpStatus(204).build();
    assertTrue(CbcFailure.of(success, translate(success)).isEmpty());
    assertTrue(CbcFailure.fromThrowable(null).isEmpty());
    assertTrue(CbcError.fromThrowable(new IllegalStateException()).isEmpty());
  }

  @Test
  void fromThrowable_cycle() {
    var first = new IllegalStateException();
    first.initCause(new IllegalStateException(first));
    assertTimeoutPreemptively(
        Duration.ofSeconds(30), () -> assertTrue(CbcError.fromThrowable(first).isEmpty()));
  }

  @Test
  void failure_serialized() throws Exception {
    var failure = CbcFailure.of(PARTIAL, translate(PARTIAL)).orElseThrow();
    var bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(failure);
    var input = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    var copy = (CbcFailure) input.readObject();
    assertEquals(failure.items(), copy.items());
    assertEquals(failure.error().getStatus(), copy.error().getStatus());
    var json = new ObjectMapper().readTree(new ObjectMapper().writeValueAsString(failure));
    assertEquals(failure.getMessage(), json.get("message").asText());
  }

  @Test
  void meaning() {
    var meaning = CbcError.meaning(5003).orElseThrow();
    assertEquals("BALANCE_INSUFFICIENT", meaning.getReason().name().replace("ERROR_REASON_", ""));
    assertEquals(meaning, CbcError.meaning("CBC.5003").orElseThrow());
    assertEquals(meaning, CbcError.meaning("cbc.5003").orElseThrow());
    assertEquals(meaning, CbcError.meaning("5003").orElseThrow());
    assertEquals(CbcError.meaning(250), CbcError.meaning("CBC.0250"));
    assertEquals(CbcError.meaning(10000), CbcError.meaning("CBC.0000"));
    for (String unknown :
        new String[] {"", "CBC.", "CBC.9999", "250", "10000", "APIGW.0308", "CBC.cbc.5003"}) {
      assertTrue(CbcError.meaning(unknown).isEmpty(), unknown);
    }
    assertThrows(NullPointerException.class, () -> CbcError.meaning(null));
  }
}
