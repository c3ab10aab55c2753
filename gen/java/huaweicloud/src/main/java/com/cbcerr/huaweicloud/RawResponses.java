package com.cbcerr.huaweicloud;

import com.cbcerr.error.v1.RawResponse;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.core.http.HttpResponse;
import com.huaweicloud.sdk.core.utils.JsonUtils;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Conversions from the SDK's types. */
final class RawResponses {
  private static final int MAX_BODY = 1 << 20; // the server's default

  private static final List<String> HEADERS =
      Arrays.asList("Content-Type", "Date", "HW-AJAX-REDIRECT", "Retry-After", "X-Request-Id");

  /** Matches the content types of errors: JSON, XML, HTML, plain text, or one without a slash. */
  private static final Pattern ERROR_TYPES =
      Pattern.compile(
          "\\s*([^/;]*|text/plain"
              + "|(?!image/)[^/;]+/([^;]*\\+)?(x-)?(json|xml|x?html|javascript))\\s*(;|$)",
          Pattern.CASE_INSENSITIVE);

  private RawResponses() {}

  /**
   * Reports whether a response can be an error. Below HTTP 400, a part of a document, data such as
   * a CSV file and a body of more than 1 MiB cannot.
   */
  static boolean canBeError(HttpResponse response) {
    int status = response.getStatusCode();
    String type = response.getHeader("Content-Type");
    return status >= 400
        || status != 206
            && status != 304
            && (type == null || ERROR_TYPES.matcher(type).lookingAt())
            && isShort(response.getBodyAsString());
  }

  /** Returns a response of the SDK: the relevant headers, and at most 1 MiB of the body. */
  static RawResponse of(HttpResponse response) {
    RawResponse.Builder raw = RawResponse.newBuilder().setHttpStatus(response.getStatusCode());
    HEADERS.forEach(name -> putHeader(raw, name, response.getHeader(name)));
    String body = response.getBodyAsString(); // null if it is empty, or no text
    if (body == null) {
      putHeader(raw, "Content-Length", response.getHeader("Content-Length"));
      return raw.build();
    }
    return withBody(raw, body);
  }

  /**
   * Returns a response with the fields of an exception. Without a code, the message is the body.
   */
  static RawResponse of(ServiceResponseException e) {
    RawResponse.Builder raw = RawResponse.newBuilder().setHttpStatus(e.getHttpStatusCode());
    putHeader(raw, "X-Request-Id", e.getRequestId());
    if (e.getErrorCode() == null) {
      String message = e.getErrorMsg();
      return message == null ? raw.build() : withBody(raw, message);
    }
    Map<String, Object> body = new LinkedHashMap<>(); // The code is first, so that no cut loses it.
    body.put("error_code", e.getErrorCode());
    body.put("error_msg", e.getErrorMsg());
    body.put("encoded_authorization_message", e.getEncodedAuthorizationMessage());
    body.put("details", e.getDetails());
    return withBody(raw, JsonUtils.toJSON(body));
  }

  private static RawResponse withBody(RawResponse.Builder raw, String body) {
    if (!isShort(body)) { // Tells that the body is cut.
      int size = body.getBytes(StandardCharsets.UTF_8).length;
      raw.putHeaders("Content-Length", String.valueOf(size));
    }
    return raw.setText(startOf(body)).build();
  }

  private static boolean isShort(String body) {
    return body == null || startOf(body).length() == body.length();
  }

  /** Returns the longest start of a text that has at most 1 MiB in UTF-8. */
  private static String startOf(String text) {
    if (text.length() <= MAX_BODY / 3) { // A char has at most 3 bytes.
      return text;
    }
    CharsetEncoder encoder =
        StandardCharsets.UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPLACE);
    CharBuffer rest = CharBuffer.wrap(text);
    encoder.encode(rest, ByteBuffer.allocate(MAX_BODY), true);
    return text.substring(0, rest.position());
  }

  private static void putHeader(RawResponse.Builder raw, String name, String value) {
    if (value != null) {
      raw.putHeaders(name, value);
    }
  }
}
