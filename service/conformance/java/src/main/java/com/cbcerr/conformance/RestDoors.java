package com.cbcerr.conformance;

import com.cbcerr.CbcError;
import com.cbcerr.conformance.v1.Reading;
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

/** The ways in over REST. */
final class RestDoors {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final JsonFormat.Parser PARSER =
      JsonFormat.parser().usingTypeRegistry(CbcError.typeRegistry()).ignoringUnknownFields();
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().usingTypeRegistry(CbcError.typeRegistry());

  private RestDoors() {}

  static Reading translate(String url, TranslateRequest request) throws Exception {
    HttpResponse<String> answer = post(url + "/v1/responses:translate", request);
    if (answer.statusCode() != 200) {
      return ofStatus(answer);
    }
    var translation = Translation.newBuilder();
    PARSER.merge(answer.body(), translation);
    return withJson(Readings.of(translation.build()), translation);
  }

  static Reading raise(String url, TranslateRequest request) throws Exception {
    return ofStatus(post(url + "/v1/responses:raise", GrpcDoors.raiseRequest(request)));
  }

  private static Reading ofStatus(HttpResponse<String> answer) throws IOException {
    var builder = Status.newBuilder();
    PARSER.merge(answer.body(), builder);
    Status status = builder.build();
    if (Readings.isRefusal(status)) {
      return Readings.ofRefusal(status);
    }
    if (answer.statusCode() != 200 && status.getDetailsCount() == 0) {
      throw new IOException(answer.statusCode() + " " + answer.body());
    }
    return withJson(Readings.of(status), builder);
  }

  private static Reading withJson(Reading reading, Message.Builder message)
      throws InvalidProtocolBufferException {
    return reading.toBuilder().setJson(PRINTER.print(message)).build();
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
