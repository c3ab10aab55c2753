package com.cbcerr.huaweicloud;

import com.cbcerr.error.v1.RawResponse;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.core.http.HttpResponse;
import com.huaweicloud.sdk.core.utils.JsonUtils;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Conversions from the SDK's types. */
final class RawResponses {
  private static final List<String> HEADERS =
      Arrays.asList("Content-Type", "Date", "HW-AJAX-REDIRECT", "Retry-After", "X-Request-Id");

  /** Matches the content types of errors: JSON, XML, HTML, plain text, or one without a slash. */
  private static final Pattern ERROR_TYPES =
      Pattern.compile(
          "\\s*([^/;]*|text/plain"
              + "|(?!image/)[^/;]+/([^;]*\\+)?(x-)?(json|xml|x?html|javascript))\\s*(;.*)?",
          Pattern.CASE_INSENSITIVE);

  private RawResponses() {}

  /**
   * Reports whether a response can be an error. Below HTTP 400, a part of a document and data such
   * as a CSV file cannot.
   */
  static boolean canBeError(HttpResponse response) {
    int status = response.getStatusCode();
    String type = response.getHeader("Content-Type");
    return status >= 400
        || status != 206
            && status != 304
            && (type == null || ERROR_TYPES.matcher(type).matches());
  }

  /** Returns a response of the SDK, with the headers that a translation depends on. */
  static RawResponse of(HttpResponse response) {
    RawResponse.Builder raw = RawResponse.newBuilder().setHttpStatus(response.getStatusCode());
    HEADERS.forEach(name -> putHeader(raw, name, response.getHeader(name)));
    String body = response.getBodyAsString(); // null if it is empty, or no text
    return body == null ? raw.build() : raw.setText(body).build();
  }

  /**
   * Returns a response with the fields of an exception. Without a code, the message is the body.
   */
  static RawResponse of(ServiceResponseException e) {
    RawResponse.Builder raw = RawResponse.newBuilder().setHttpStatus(e.getHttpStatusCode());
    putHeader(raw, "X-Request-Id", e.getRequestId());
    if (e.getErrorCode() == null) {
      return e.getErrorMsg() == null ? raw.build() : raw.setText(e.getErrorMsg()).build();
    }
    Map<String, Object> body = new HashMap<>();
    body.put("error_code", e.getErrorCode());
    body.put("error_msg", e.getErrorMsg());
    body.put("encoded_authorization_message", e.getEncodedAuthorizationMessage());
    body.put("details", e.getDetails());
    return raw.setText(JsonUtils.toJSON(body)).build();
  }

  private static void putHeader(RawResponse.Builder raw, String name, String value) {
    if (value != null) {
      raw.putHeaders(name, value);
    }
  }
}
