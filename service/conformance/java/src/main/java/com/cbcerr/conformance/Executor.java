package com.cbcerr.conformance;

import com.cbcerr.conformance.v1.Reading;
import com.cbcerr.conformance.v1.Report;
import com.cbcerr.conformance.v1.Task;
import com.cbcerr.error.v1.TranslateRequest;
import io.grpc.Channel;
import io.grpc.ManagedChannelBuilder;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Does what tasks on standard input say, and reports what the Java client made of the answers. */
public final class Executor {
  private static final int MAX_ANSWER = 16 << 20;

  interface Question {
    Reading ask(TranslateRequest request) throws Exception;
  }

  interface GrpcDoor {
    List<Reading> readings(Task task, Channel channel) throws Exception;
  }

  private Executor() {}

  public static void main(String[] args) throws IOException {
    var out = new DataOutputStream(System.out);
    for (byte[] size; (size = System.in.readNBytes(4)).length > 0; ) {
      Task task = Task.parseFrom(System.in.readNBytes(ByteBuffer.wrap(size).getInt()));
      Report report = report(task);
      out.writeInt(report.getSerializedSize());
      report.writeTo(out);
      out.flush();
    }
  }

  private static Report report(Task task) {
    var report = Report.newBuilder().setName(task.getName());
    try {
      report.addAllReadings(readings(task));
    } catch (Exception | LinkageError failure) { // The next task is another one.
      report.setFailure(failure.toString());
    }
    return report.build();
  }

  private static List<Reading> readings(Task task) throws Exception {
    return switch (task.getDoor()) {
      case DOOR_UNARY -> overGrpc(task, GrpcDoors::unary);
      case DOOR_BATCH -> overGrpc(task, GrpcDoors::batch);
      case DOOR_STREAM -> overGrpc(task, GrpcDoors::stream);
      case DOOR_RAISE -> overGrpc(task, GrpcDoors::raise);
      case DOOR_CATALOG -> overGrpc(task, GrpcDoors::catalog);
      case DOOR_REST -> each(task, request -> RestDoors.translate(task.getRestUrl(), request));
      case DOOR_REST_RAISE -> each(task, request -> RestDoors.raise(task.getRestUrl(), request));
      case DOOR_READ -> task.getStatusesList().stream().map(Readings::of).toList();
      default -> throw new IllegalArgumentException("no such door: " + task.getDoor());
    };
  }

  static List<Reading> each(Task task, Question question) throws Exception {
    List<Reading> readings = new ArrayList<>();
    for (TranslateRequest request : task.getRequestsList()) {
      readings.add(question.ask(request));
    }
    return readings;
  }

  private static List<Reading> overGrpc(Task task, GrpcDoor door) throws Exception {
    var channel =
        ManagedChannelBuilder.forTarget(task.getGrpcTarget())
            .usePlaintext()
            .maxInboundMessageSize(MAX_ANSWER)
            .build();
    try {
      return door.readings(task, channel);
    } finally {
      channel.shutdownNow();
    }
  }
}
