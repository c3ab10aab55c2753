package com.cbcerr;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;

/** Reads the details of statuses. No method throws. */
final class StatusDetails {
  private StatusDetails() {}

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

  /** Reports whether a throwable of gRPC has a status. */
  static boolean hasStatus(Throwable thrown) {
    return thrown instanceof StatusException || thrown instanceof StatusRuntimeException;
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
