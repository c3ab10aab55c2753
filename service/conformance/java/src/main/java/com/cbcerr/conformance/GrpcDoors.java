package com.cbcerr.conformance;

import com.cbcerr.conformance.v1.Reading;
import com.cbcerr.conformance.v1.Task;
import com.cbcerr.error.v1.BatchTranslateRequest;
import com.cbcerr.error.v1.CatalogServiceGrpc;
import com.cbcerr.error.v1.ListErrorCodesRequest;
import com.cbcerr.error.v1.RaiseRequest;
import com.cbcerr.error.v1.StreamTranslateRequest;
import com.cbcerr.error.v1.StreamTranslateResponse;
import com.cbcerr.error.v1.TranslateRequest;
import com.cbcerr.error.v1.TranslationServiceGrpc;
import com.google.rpc.Status;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The ways in over gRPC. */
final class GrpcDoors {
  private GrpcDoors() {}

  static List<Reading> unary(Task task, Channel channel) throws Exception {
    var stub = TranslationServiceGrpc.newBlockingStub(channel);
    return Executor.each(
        task,
        request -> {
          try {
            return Readings.of(stub.translate(request).getTranslation());
          } catch (StatusRuntimeException failure) {
            return Readings.ofRefusal(failure);
          }
        });
  }

  static List<Reading> batch(Task task, Channel channel) {
    var request = BatchTranslateRequest.newBuilder().addAllRequests(task.getRequestsList()).build();
    var answer = TranslationServiceGrpc.newBlockingStub(channel).batchTranslate(request);
    return answer.getResultsList().stream().map(Readings::of).toList();
  }

  static List<Reading> raise(Task task, Channel channel) throws Exception {
    var stub = TranslationServiceGrpc.newBlockingStub(channel);
    return Executor.each(
        task,
        request -> {
          try {
            stub.raise(raiseRequest(request));
            return Readings.of(Status.getDefaultInstance());
          } catch (StatusRuntimeException failure) {
            return Readings.ofRaised(failure);
          }
        });
  }

  static RaiseRequest raiseRequest(TranslateRequest request) {
    return RaiseRequest.newBuilder()
        .setResponse(request.getResponse())
        .addAllLocales(request.getLocalesList())
        .build();
  }

  static List<Reading> catalog(Task task, Channel channel) {
    var stub = CatalogServiceGrpc.newBlockingStub(channel);
    List<Reading> readings = new ArrayList<>();
    var request = ListErrorCodesRequest.newBuilder();
    do {
      var page = stub.listErrorCodes(request.build());
      page.getEntriesList().forEach(entry -> readings.add(Readings.of(entry)));
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    return readings;
  }

  static List<Reading> stream(Task task, Channel channel) throws Exception {
    var answers = new Answers();
    var requests = TranslationServiceGrpc.newStub(channel).streamTranslate(answers);
    for (int i = 0; i < task.getRequestsCount(); i++) {
      var request = StreamTranslateRequest.newBuilder().setId(Integer.toString(i));
      requests.onNext(request.setRequest(task.getRequests(i)).build());
    }
    requests.onCompleted();
    return answers.all.get();
  }

  /** Completes {@link #all} at the end of the stream, or with the first thing that is wrong. */
  private static final class Answers implements StreamObserver<StreamTranslateResponse> {
    final CompletableFuture<List<Reading>> all = new CompletableFuture<>();
    private final List<Reading> readings = new ArrayList<>();

    @Override
    public void onNext(StreamTranslateResponse answer) {
      if (!answer.getId().equals(Integer.toString(readings.size()))) {
        String fault = "answer " + readings.size() + " has the id " + answer.getId();
        all.completeExceptionally(new IllegalStateException(fault));
      }
      readings.add(Readings.of(answer.getResult()));
    }

    @Override
    public void onError(Throwable failure) {
      all.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      all.complete(readings);
    }
  }
}
