package com.cbcerr.conformance;

import com.cbcerr.CbcError;
import com.cbcerr.conformance.v1.Observation;
import com.cbcerr.error.v1.TranslateRequest;
import com.cbcerr.error.v1.Translation;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.Status;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The entry points of REST. */
final class RestEntryPoints {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final JsonFormat.Parser PARSER =
      JsonFormat.parser().usingTypeRegistry(CbcError.typeRegistry()).ignoringUnknownFields();
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().usingTypeRegistry(CbcError.typeRegistry());

  private RestEntryPoints() {}

  static Observation translate(String url, TranslateRequest request) throws Exception {
    HttpResponse<String> response = post(url + "/v1/responses:translate", request);
    if (response.statusCode() != 200) {
      return ofStatus(response);
    }
    var translation = Translation.newBuilder();
    PARSER.merge(response.body(), translation);
    return withJson(Observations.of(translation.build()), translation);
  }

  static Observation raise(String url, TranslateRequest request) throws Exception {
    return ofStatus(post(url + "/v1/responses:raise", GrpcEntryPoints.raiseRequest(request)));
  }

  private static Observation ofStatus(HttpResponse<String> response) throws IOException {
    var builder = Status.newBuilder();
    PARSER.merge(response.body(), builder);
    Status status = builder.build();
    if (Observations.isRejection(status)) {
      return Observations.ofRejection(status);
    }
    if (response.statusCode() != 200 && status.getDetailsCount() == 0) {
      throw new IOException(response.statusCode() + " " + response.body());
    }
    return withJson(Observations.of(status), builder);
  }

  private static Observation withJson(Observation observation, Message.Builder message)
      throws InvalidProtocolBufferException {
    return observation.toBuilder().setJson(PRINTER.print(message)).build();
  }

  private static HttpResponse<String> post(String url, Message message) throws Exception {
    var body = HttpRequest.BodyPublishers.ofString(PRINTER.print(message));
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(body)
            .build();
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
