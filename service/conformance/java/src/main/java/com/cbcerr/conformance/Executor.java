package com.cbcerr.conformance;

import com.cbcerr.conformance.v1.Observation;
import com.cbcerr.conformance.v1.Request;
import com.cbcerr.conformance.v1.Response;
import com.cbcerr.error.v1.TranslateRequest;
import io.grpc.Channel;
import io.grpc.ManagedChannelBuilder;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Executor of the Java client: reads conformance requests from standard input and writes responses
 * to standard output.
 */
public final class Executor {
  private static final int MAX_MESSAGE_BYTES = 16 << 20;

  interface Call {
    Observation observe(TranslateRequest request) throws Exception;
  }

  interface GrpcEntryPoint {
    List<Observation> observations(Request req, Channel channel) throws Exception;
  }

  private Executor() {}

  public static void main(String[] args) throws IOException {
    var out = new DataOutputStream(System.out);
    for (byte[] size; (size = System.in.readNBytes(4)).length > 0; ) {
      Request req = Request.parseFrom(System.in.readNBytes(ByteBuffer.wrap(size).getInt()));
      Response resp = respond(req);
      out.writeInt(resp.getSerializedSize());
      resp.writeTo(out);
      out.flush();
    }
  }

  private static Response respond(Request req) {
    var resp = Response.newBuilder().setName(req.getName());
    try {
      resp.addAllObservations(observations(req));
    } catch (Exception | LinkageError failure) { // Later requests may succeed.
      resp.setFailure(failure.toString());
    }
    return resp.build();
  }

  private static List<Observation> observations(Request req) throws Exception {
    return switch (req.getEntryPoint()) {
      case ENTRY_POINT_UNARY -> overGrpc(req, GrpcEntryPoints::unary);
      case ENTRY_POINT_BATCH -> overGrpc(req, GrpcEntryPoints::batch);
      case ENTRY_POINT_STREAM -> overGrpc(req, GrpcEntryPoints::stream);
      case ENTRY_POINT_RAISE -> overGrpc(req, GrpcEntryPoints::raise);
      case ENTRY_POINT_CATALOG -> overGrpc(req, GrpcEntryPoints::catalog);
      case ENTRY_POINT_REST ->
          each(req, request -> RestEntryPoints.translate(req.getRestUrl(), request));
      case ENTRY_POINT_REST_RAISE ->
          each(req, request -> RestEntryPoints.raise(req.getRestUrl(), request));
      case ENTRY_POINT_READ -> req.getStatusesList().stream().map(Observations::of).toList();
      default -> throw new IllegalArgumentException("unknown entry point: " + req.getEntryPoint());
    };
  }

  static List<Observation> each(Request req, Call call) throws Exception {
    List<Observation> observations = new ArrayList<>();
    for (TranslateRequest request : req.getRequestsList()) {
      observations.add(call.observe(request));
    }
    return observations;
  }

  private static List<Observation> overGrpc(Request req, GrpcEntryPoint entryPoint)
      throws Exception {
    var channel =
        ManagedChannelBuilder.forTarget(req.getGrpcTarget())
            .usePlaintext()
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .build();
    try {
      return entryPoint.observations(req, channel);
    } finally {
      channel.shutdownNow();
    }
  }
}
