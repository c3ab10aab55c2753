package com.cbcerr.huaweicloud;

import com.cbcerr.CbcFailure;
import com.cbcerr.error.v1.RawResponse;
import com.cbcerr.error.v1.TranslateRequest;
import com.cbcerr.error.v1.TranslationServiceGrpc;
import com.huaweicloud.sdk.core.exception.DefaultExceptionHandler;
import com.huaweicloud.sdk.core.exception.ExceptionHandler;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.core.http.HttpRequest;
import com.huaweicloud.sdk.core.http.HttpResponse;
import io.grpc.Channel;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes clients of the SDK throw a {@link CbcException} for each failed call, also if it failed
 * with HTTP 200 or in part. Pass it to {@code ClientBuilder.withExceptionHandler}.
 *
 * <p>The handler asks cbcerrd about each response, for at most one second. If cbcerrd does not
 * answer, and if the call succeeded, the handler does what the SDK does by default. Instances are
 * safe for concurrent use.
 */
public final class CbcExceptionHandler implements ExceptionHandler {
  private static final Logger LOGGER = LoggerFactory.getLogger(CbcExceptionHandler.class);
  private static final ExceptionHandler DEFAULT = new DefaultExceptionHandler();
  private static final RawResponse SUCCESS = RawResponse.newBuilder().setHttpStatus(204).build();

  private final Channel channel;
  private final String[] locales;

  /**
   * Creates a handler and begins to connect, because the first call of a process takes long.
   *
   * @param channel the channel to cbcerrd; the handler does not shut it down
   * @param locales the languages of the texts for users, such as {@code zh-CN}, in order of
   *     preference; English if there are none
   */
  public CbcExceptionHandler(Channel channel, String... locales) {
    this.channel = channel;
    this.locales = locales.clone();
    connect(channel);
  }

  /**
   * Begins to connect, without waiting. Call it at the start of a program that uses only {@link
   * #fromException}: the first call of a process can take longer than a second.
   *
   * @param channel the channel to cbcerrd
   */
  public static void connect(Channel channel) {
    TranslationServiceGrpc.newFutureStub(channel)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .translate(request(SUCCESS));
  }

  @Override
  public void handleException(HttpRequest request, HttpResponse response) {
    Optional<CbcFailure> failure =
        RawResponses.canBeError(response)
            ? translate(RawResponses.of(response), channel, locales)
            : Optional.empty();
    if (failure.isPresent()) {
      throw SdkExceptions.mapException(response, failure.get());
    }
    DEFAULT.handleException(request, response);
  }

  /**
   * Translates an exception of a client without this handler. The exception has neither the failed
   * items nor the {@code Retry-After} of the response.
   *
   * @param exception an exception of the SDK
   * @param channel the channel to cbcerrd
   * @param locales the languages of the texts for users, in order of preference
   * @return the failure; empty if cbcerrd does not answer within a second
   */
  public static Optional<CbcFailure> fromException(
      ServiceResponseException exception, Channel channel, String... locales) {
    Optional<CbcFailure> failure = CbcFailure.fromThrowable(exception);
    return failure.isPresent() ? failure : translate(RawResponses.of(exception), channel, locales);
  }

  private static TranslateRequest request(RawResponse response, String... locales) {
    return TranslateRequest.newBuilder()
        .setResponse(response)
        .addAllLocales(Arrays.asList(locales))
        .build();
  }

  /** Returns the failure of a response; empty if upstream succeeded or cbcerrd does not answer. */
  private static Optional<CbcFailure> translate(
      RawResponse response, Channel channel, String... locales) {
    try {
      return CbcFailure.of(
          response,
          TranslationServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(1, TimeUnit.SECONDS)
              .translate(request(response, locales))
              .getTranslation());
    } catch (RuntimeException e) { // A fault of an interceptor must not hide the result, either.
      LOGGER.warn("cbcerrd did not translate a response: {}", e.toString());
      return Optional.empty();
    }
  }
}
