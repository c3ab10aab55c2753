package com.cbcerr.conformance;

import com.cbcerr.CbcError;
import com.cbcerr.conformance.v1.CbcErrorView;
import com.cbcerr.conformance.v1.Details;
import com.cbcerr.conformance.v1.Observation;
import com.cbcerr.error.v1.CatalogEntry;
import com.cbcerr.error.v1.FailedItem;
import com.cbcerr.error.v1.TranslateResult;
import com.cbcerr.error.v1.Translation;
import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Optional;

/** Observations: the client's view of responses. */
final class Observations {
  private Observations() {}

  static Observation of(Status status) {
    return of(status, CbcError.fromStatus(status));
  }

  static Observation of(Translation translation) {
    var observation = of(translation.getStatus()).toBuilder().setLocale(translation.getLocale());
    for (FailedItem item : translation.getItemsList()) {
      observation.addItems(of(item.getStatus()).toBuilder().setId(item.getId()));
    }
    return observation.build();
  }

  static Observation of(TranslateResult result) {
    return result.hasError() ? ofRejection(result.getError()) : of(result.getTranslation());
  }

  static Observation of(CatalogEntry entry) {
    var observation = Observation.newBuilder().setEntry(entry);
    CbcError.meaning(entry.getNumber()).ifPresent(observation::setMeaning);
    return observation.build();
  }

  static Observation ofRejection(Status status) {
    return Observation.newBuilder().setRejected(status).build();
  }

  /** Throws the failure if it is not an error of the service itself. */
  static Observation ofRejection(StatusRuntimeException failure) {
    Status status = StatusProto.fromThrowable(failure);
    if (!isRejection(status)) {
      throw failure;
    }
    return ofRejection(status);
  }

  static Observation ofRaised(StatusRuntimeException failure) {
    Status status = StatusProto.fromThrowable(failure);
    if (status.getDetailsCount() == 0 || isRejection(status)) {
      return ofRejection(failure);
    }
    Exception wrapper = new IllegalStateException("placing the order", failure);
    return of(status, CbcError.fromThrowable(wrapper));
  }

  static boolean isRejection(Status status) {
    return details(status).getErrorInfo().getDomain().equals("cbcerr");
  }

  private static Observation of(Status status, Optional<CbcError> error) {
    var observation = Observation.newBuilder().setStatus(status).setDetails(details(status));
    error.map(Observations::view).ifPresent(observation::setError);
    error.flatMap(e -> CbcError.meaning(e.getNumber())).ifPresent(observation::setMeaning);
    return observation.build();
  }

  private static CbcErrorView view(CbcError error) {
    var view =
        CbcErrorView.newBuilder()
            .setCode(error.getCode())
            .setNumber(error.getNumber())
            .setReason(error.getReason())
            .setRetry(error.getRetry())
            .setOutcome(error.getOutcome())
            .setLocale(error.getLocale())
            .setMessage(error.getMessage())
            .setAdvice(error.getAdvice())
            .setShouldRetry(error.shouldRetry(false))
            .setShouldRetryIdempotent(error.shouldRetry(true));
    error.getRetryDelay().map(Observations::proto).ifPresent(view::setRetryDelay);
    return view.build();
  }

  private static com.google.protobuf.Duration proto(Duration delay) {
    return Durations.add(
        Durations.fromSeconds(delay.getSeconds()), Durations.fromNanos(delay.getNano()));
  }

  private static Details details(Status status) {
    var details = Details.newBuilder();
    for (Any any : status.getDetailsList()) {
      try {
        set(any, details);
      } catch (InvalidProtocolBufferException e) {
        details.addOthers(any);
      }
    }
    return details.build();
  }

  /** Sets the field of the detail's class if it is the first. Adds unknown types to the others. */
  private static void set(Any any, Details.Builder details) throws InvalidProtocolBufferException {
    for (FieldDescriptor field : Details.getDescriptor().getFields()) {
      if (!field.isRepeated() && any.isSameTypeAs((Message) details.getField(field))) {
        Message detail = any.unpackSameTypeAs((Message) details.getField(field));
        if (!details.hasField(field)) {
          details.setField(field, detail);
        }
        return;
      }
    }
    details.addOthers(any);
  }
}
