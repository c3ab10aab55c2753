package com.cbcerr;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Optional;

/** Reads the details of statuses. No method throws. */
final class StatusDetails {
  private StatusDetails() {}

  /** Returns the status of a failed gRPC call, which may be a cause; empty if it is invalid. */
  static Optional<Status> statusOf(Throwable thrown) {
    try {
      return CbcFailure.firstCause(thrown, StatusDetails::hasStatus)
          .map(StatusProto::fromThrowable);
    } catch (IllegalArgumentException e) { // The status is invalid or contradicts the call's code.
      return Optional.empty();
    }
  }

  private static boolean hasStatus(Throwable thrown) {
    return thrown instanceof StatusException || thrown instanceof StatusRuntimeException;
  }

  /** Returns the first detail of a type that can be decoded. */
  static <T extends Message> Optional<T> first(Status status, Class<T> type) {
    for (Any detail : status.getDetailsList()) {
      try {
        if (detail.is(type)) {
          return Optional.of(detail.unpack(type));
        }
      } catch (InvalidProtocolBufferException e) {
        continue; // Ignored.
      }
    }
    return Optional.empty();
  }

  /** Returns the delay of {@link RetryInfo}; null if there is none. */
  static Duration retryDelay(Status status) {
    RetryInfo info = first(status, RetryInfo.class).orElseGet(RetryInfo::getDefaultInstance);
    try {
      com.google.protobuf.Duration delay = info.getRetryDelay();
      return info.hasRetryDelay() ? Duration.ofSeconds(delay.getSeconds(), delay.getNanos()) : null;
    } catch (ArithmeticException e) { // Outside the range of Duration.
      return null;
    }
  }
}
