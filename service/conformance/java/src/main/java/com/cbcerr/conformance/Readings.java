package com.cbcerr.conformance;

import com.cbcerr.CbcError;
import com.cbcerr.conformance.v1.CbcErrorView;
import com.cbcerr.conformance.v1.Details;
import com.cbcerr.conformance.v1.Reading;
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

/** What the client made of answers. */
final class Readings {
  private Readings() {}

  static Reading of(Status status) {
    return of(status, CbcError.fromStatus(status));
  }

  static Reading of(Translation translation) {
    var reading = of(translation.getStatus()).toBuilder().setLocale(translation.getLocale());
    for (FailedItem item : translation.getItemsList()) {
      reading.addItems(of(item.getStatus()).toBuilder().setId(item.getId()));
    }
    return reading.build();
  }

  static Reading of(TranslateResult result) {
    return result.hasError() ? ofRefusal(result.getError()) : of(result.getTranslation());
  }

  static Reading of(CatalogEntry entry) {
    var reading = Reading.newBuilder().setEntry(entry);
    CbcError.meaning(entry.getNumber()).ifPresent(reading::setMeaning);
    return reading.build();
  }

  static Reading ofRefusal(Status status) {
    return Reading.newBuilder().setRefused(status).build();
  }

  /** Throws what is no error of the service itself. */
  static Reading ofRefusal(StatusRuntimeException failure) {
    Status status = StatusProto.fromThrowable(failure);
    if (!isRefusal(status)) {
      throw failure;
    }
    return ofRefusal(status);
  }

  static Reading ofRaised(StatusRuntimeException failure) {
    Status status = StatusProto.fromThrowable(failure);
    if (status.getDetailsCount() == 0 || isRefusal(status)) {
      return ofRefusal(failure);
    }
    Exception passedOn = new IllegalStateException("placing the order", failure);
    return of(status, CbcError.fromThrowable(passedOn));
  }

  static boolean isRefusal(Status status) {
    return details(status).getErrorInfo().getDomain().equals("cbcerr");
  }

  private static Reading of(Status status, Optional<CbcError> error) {
    var reading = Reading.newBuilder().setStatus(status).setDetails(details(status));
    error.map(Readings::view).ifPresent(reading::setError);
    error.flatMap(e -> CbcError.meaning(e.getNumber())).ifPresent(reading::setMeaning);
    return reading.build();
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
            .setShouldRetry(error.shouldRetry(false))
            .setShouldRetryIdempotent(error.shouldRetry(true));
    error.getRetryDelay().map(Readings::proto).ifPresent(view::setRetryDelay);
    return view.build();
  }

  private static com.google.protobuf.Duration proto(Duration delay) {
    return Durations.add(
        Durations.fromSeconds(delay.getSeconds()), Durations.fromNanos(delay.getNano()));
  }

  private static Details details(Status status) {
    var details = Details.newBuilder();
    for (Any packed : status.getDetailsList()) {
      try {
        sort(packed, details);
      } catch (InvalidProtocolBufferException e) {
        details.addOthers(packed);
      }
    }
    return details.build();
  }

  /** Puts a detail into the field of its class, where it is the first, or to the others. */
  private static void sort(Any packed, Details.Builder details)
      throws InvalidProtocolBufferException {
    for (FieldDescriptor field : Details.getDescriptor().getFields()) {
      if (!field.isRepeated() && packed.isSameTypeAs((Message) details.getField(field))) {
        Message detail = packed.unpackSameTypeAs((Message) details.getField(field));
        if (!details.hasField(field)) {
          details.setField(field, detail);
        }
        return;
      }
    }
    details.addOthers(packed);
  }
}
