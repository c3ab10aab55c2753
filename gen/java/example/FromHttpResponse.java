import com.cbcerr.CbcFailure;
import com.cbcerr.error.v1.RawResponse;
import com.cbcerr.error.v1.TranslateRequest;
import com.cbcerr.error.v1.TranslationServiceGrpc;
import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Sends a GET request with java.net.http. The arguments are the target of cbcerrd and a URL. */
public final class FromHttpResponse {
  /** The headers that cbcerrd reads. It refuses a response with more than 64. */
  private static final List<String> HEADERS =
      List.of(
          "Content-Encoding",
          "Content-Length",
          "Content-Type",
          "Date",
          "HW-AJAX-REDIRECT",
          "Retry-After",
          "X-Request-Id");

  private static final int MAX_ATTEMPTS = 3;
  private static final Duration MAX_WAIT = Duration.ofMinutes(1);

  public static void main(String[] args) throws Exception {
    var channel = ManagedChannelBuilder.forTarget(args[0]).usePlaintext().build();
    var request = HttpRequest.newBuilder(URI.create(args[1])).build();
    try {
      System.out.println(new String(send(request, true, channel).body()));
    } catch (CbcFailure failure) {
      System.out.println(failure.error().getMessage() + " " + failure.error().getAdvice());
    } finally {
      channel.shutdown();
    }
  }

  /** Sends a request, and repeats it a few times if that is safe. */
  static HttpResponse<byte[]> send(HttpRequest request, boolean idempotent, Channel channel)
      throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
      var failure = failure(response, channel);
      if (failure.isEmpty()) {
        return response;
      }
      var error = failure.get().error();
      var wait = error.getRetryDelay().orElse(Duration.ofSeconds(1L << attempt));
      if (attempt == MAX_ATTEMPTS
          || !error.shouldRetry(idempotent)
          || wait.compareTo(MAX_WAIT) > 0) {
        throw failure.get();
      }
      Thread.sleep(wait.toMillis());
    }
  }

  /** Returns the failure of a response; empty if upstream succeeded. */
  static Optional<CbcFailure> failure(HttpResponse<byte[]> response, Channel channel) {
    var raw =
        RawResponse.newBuilder()
            .setHttpStatus(response.statusCode())
            .setRaw(ByteString.copyFrom(response.body()));
    for (String name : HEADERS) {
      response.headers().firstValue(name).ifPresent(value -> raw.putHeaders(name, value));
    }
    var request = TranslateRequest.newBuilder().setResponse(raw).addLocales("zh-CN").build();
    try {
      var stub = TranslationServiceGrpc.newBlockingStub(channel);
      var answer = stub.withDeadlineAfter(5, TimeUnit.SECONDS).translate(request);
      return CbcFailure.of(raw.build(), answer.getTranslation());
    } catch (StatusRuntimeException e) { // Without a translation, the HTTP status decides.
      if (response.statusCode() < 400) {
        System.err.println("The response is not checked: " + e.getStatus());
        return Optional.empty();
      }
      throw e;
    }
  }
}
