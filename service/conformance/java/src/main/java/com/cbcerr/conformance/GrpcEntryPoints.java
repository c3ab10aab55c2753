package com.cbcerr.conformance;

import com.cbcerr.conformance.v1.Observation;
import com.cbcerr.conformance.v1.Request;
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

/** The entry points of gRPC. */
final class GrpcEntryPoints {
  private GrpcEntryPoints() {}

  static List<Observation> unary(Request req, Channel channel) throws Exception {
    var stub = TranslationServiceGrpc.newBlockingStub(channel);
    return Executor.each(
        req,
        request -> {
          try {
            return Observations.of(stub.translate(request).getTranslation());
          } catch (StatusRuntimeException failure) {
            return Observations.ofRejection(failure);
          }
        });
  }

  static List<Observation> batch(Request req, Channel channel) {
    var request = BatchTranslateRequest.newBuilder().addAllRequests(req.getRequestsList()).build();
    var response = TranslationServiceGrpc.newBlockingStub(channel).batchTranslate(request);
    return response.getResultsList().stream().map(Observations::of).toList();
  }

  static List<Observation> raise(Request req, Channel channel) throws Exception {
    var stub = TranslationServiceGrpc.newBlockingStub(channel);
    return Executor.each(
        req,
        request -> {
          try {
            stub.raise(raiseRequest(request));
            return Observations.of(Status.getDefaultInstance());
          } catch (StatusRuntimeException failure) {
            return Observations.ofRaised(failure);
          }
        });
  }

  static RaiseRequest raiseRequest(TranslateRequest request) {
    return RaiseRequest.newBuilder()
        .setResponse(request.getResponse())
        .addAllLocales(request.getLocalesList())
        .build();
  }

  static List<Observation> catalog(Request req, Channel channel) {
    var stub = CatalogServiceGrpc.newBlockingStub(channel);
    List<Observation> observations = new ArrayList<>();
    var request = ListErrorCodesRequest.newBuilder();
    do {
      var page = stub.listErrorCodes(request.build());
      page.getEntriesList().forEach(entry -> observations.add(Observations.of(entry)));
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    return observations;
  }

  static List<Observation> stream(Request req, Channel channel) throws Exception {
    var observer = new ResponseObserver();
    var requests = TranslationServiceGrpc.newStub(channel).streamTranslate(observer);
    for (int i = 0; i < req.getRequestsCount(); i++) {
      var request = StreamTranslateRequest.newBuilder().setId(Integer.toString(i));
      requests.onNext(request.setRequest(req.getRequests(i)).build());
    }
    requests.onCompleted();
    return observer.all.get();
  }

  /** Completes {@link #all} at the end of the stream, or exceptionally with the first error. */
  private static final class ResponseObserver implements StreamObserver<StreamTranslateResponse> {
    final CompletableFuture<List<Observation>> all = new CompletableFuture<>();
    private final List<Observation> observations = new ArrayList<>();

    @Override
    public void onNext(StreamTranslateResponse response) {
      if (!response.getId().equals(Integer.toString(observations.size()))) {
        String message = "response " + observations.size() + " has the id " + response.getId();
        all.completeExceptionally(new IllegalStateException(message));
      }
      observations.add(Observations.of(response.getResult()));
    }

    @Override
    public void onError(Throwable failure) {
      all.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      all.complete(observations);
    }
  }
}
