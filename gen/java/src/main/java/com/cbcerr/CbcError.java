package com.cbcerr;

import com.cbcerr.error.v1.CbcErrorProto;
import com.cbcerr.error.v1.ErrorCode;
import com.cbcerr.error.v1.Meaning;
import com.cbcerr.error.v1.MeaningProto;
import com.google.protobuf.Any;
import com.google.protobuf.DescriptorProtos.EnumValueOptions;
import com.google.protobuf.ExtensionLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.rpc.ErrorDetailsProto;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An error of Huawei Cloud's billing and operations APIs (CBC), read from the status that cbcerr
 * translated it to.
 *
 * <p>Branch on {@link #getReason()}, or on {@code getDetail().getReason()} to have the compiler's
 * help; quote {@link #getCode()} in logs and tickets; show {@link #getMessage()} to people; ask
 * {@link #shouldRetry} before calling again.
 *
 * <p>Reading never throws, whatever the bytes of a status are: what is no translated error is
 * {@link Optional#empty()}. No text is null; one that the status does not have is empty. Instances
 * are immutable.
 */
public final class CbcError {
  /** The domain of the {@link ErrorInfo} that every translated error has and no other error. */
  public static final String DOMAIN = "cbc.huaweicloud.com";

  private static final Pattern NUMBERED = Pattern.compile("CBC\\.([0-9]{4}|[1-9][0-9]{7})");

  private static final TypeRegistry TYPES =
      TypeRegistry.newBuilder()
          .add(ErrorDetailsProto.getDescriptor().getMessageTypes())
          .add(CbcErrorProto.getDescriptor().getMessageTypes())
          .build();

  private final Status status;
  private final ErrorInfo info;
  private final com.cbcerr.error.v1.CbcError detail;
  private final Duration retryDelay;

  private CbcError(Status status, ErrorInfo info) {
    this.status = status;
    this.info = info;
    this.detail =
        first(status, com.cbcerr.error.v1.CbcError.class)
            .orElseGet(com.cbcerr.error.v1.CbcError::getDefaultInstance);
    this.retryDelay = first(status, RetryInfo.class).map(CbcError::delay).orElse(null);
  }

  /**
   * Reads a status: that of a {@code Translation}, of a {@code FailedItem}, or one parsed from the
   * JSON of REST.
   *
   * @param status the status, or null for none
   * @return the error, if the first {@link ErrorInfo} among the details has the domain {@link
   *     #DOMAIN}; a detail that cannot be decoded counts as not there
   */
  public static Optional<CbcError> fromStatus(Status status) {
    if (status == null) {
      return Optional.empty();
    }
    return first(status, ErrorInfo.class)
        .filter(info -> info.getDomain().equals(DOMAIN))
        .map(info -> new CbcError(status, info));
  }

  /**
   * Reads the failure of a gRPC call, such as {@code Raise}. The first {@code StatusException} or
   * {@code StatusRuntimeException} among the throwable and its causes counts.
   *
   * @param failure what was thrown, or null for nothing
   * @return the error, if the status of the failure is one by {@link #fromStatus}
   */
  public static Optional<CbcError> fromThrowable(Throwable failure) {
    if (failure == null) {
      return Optional.empty();
    }
    try {
      return fromStatus(StatusProto.fromThrowable(failure));
    } catch (IllegalArgumentException e) { // The trailer is no status, or that of another code.
      return Optional.empty();
    }
  }

  /**
   * Says what this version's own catalogue knows of a code, offline. A server may have a newer one.
   *
   * @param number the number of a code, as {@link #getNumber()} has it
   * @return the meaning of the code by itself, empty for 0 and for a number that is unknown here
   */
  public static Optional<Meaning> meaning(int number) {
    // An ExtensionLite, since only its methods are in protobuf-java 3.25 and in 4.
    ExtensionLite<EnumValueOptions, Meaning> meaning = MeaningProto.meaning;
    return Optional.ofNullable(ErrorCode.forNumber(number))
        .map(code -> code.getValueDescriptor().getOptions())
        .filter(options -> options.hasExtension(meaning))
        .map(options -> options.getExtension(meaning));
  }

  /**
   * Has the types of all details, as {@code JsonFormat} of protobuf-java-util needs them for a
   * status:
   *
   * <pre>{@code
   * JsonFormat.parser().usingTypeRegistry(CbcError.typeRegistry()).ignoringUnknownFields().merge(json, status);
   * }</pre>
   *
   * @return {@code cbc.error.v1.CbcError} and all of {@code google/rpc/error_details.proto}; a
   *     status with a detail of another type is one that {@code JsonFormat} refuses
   */
  public static TypeRegistry typeRegistry() {
    return TYPES;
  }

  /** {@return upstream's code in its canonical spelling, such as {@code CBC.0250}, to be quoted} */
  public String getCode() {
    return metadata("code");
  }

  /**
   * {@return the code's digits as a number, but 10000 for {@code CBC.0000}; 0 where there is no
   * code or one without a number} A code that is newer than {@link ErrorCode} keeps its number.
   */
  public int getNumber() {
    return detail.getCodeValue() != 0 ? detail.getCodeValue() : number(getCode());
  }

  /**
   * {@return the constant to branch on, such as {@code REQUEST_THROTTLED}} Codes of the same
   * meaning share it. A server may have reasons that are newer than this version.
   */
  public String getReason() {
    return info.getReason();
  }

  /**
   * {@return the name of a {@code RetryAdvice} without its prefix, such as {@code BACKOFF}} {@link
   * #shouldRetry} decides by it.
   */
  public String getRetry() {
    return metadata("retry");
  }

  /** {@return what became of the effect: the name of an {@code Outcome} without its prefix} */
  public String getOutcome() {
    return metadata("outcome");
  }

  /** {@return the localized message, to be shown to people; at most 1 KiB} */
  public String getMessage() {
    return metadata("message");
  }

  /** {@return the language tag of the message, such as {@code zh-CN}} */
  public String getLocale() {
    return metadata("locale");
  }

  /**
   * {@return how long to wait before a repetition, at most an hour; empty where the error does not
   * say} It does not advise one: {@link #shouldRetry} does.
   */
  public Optional<Duration> getRetryDelay() {
    return Optional.ofNullable(retryDelay);
  }

  /**
   * {@return the error by its types: enums, the code as received, upstream's own message; the
   * default instance where the status has none}
   */
  public com.cbcerr.error.v1.CbcError getDetail() {
    return detail;
  }

  /** {@return the whole status, with the details that this class has no method for} */
  public Status getStatus() {
    return status;
  }

  /**
   * Says whether the same call to upstream may be repeated after a wait: that of {@link
   * #getRetryDelay()}, else with exponential backoff.
   *
   * @param idempotent whether running the call twice does no more than running it once
   * @return false also where the advice is one that this version does not know
   */
  public boolean shouldRetry(boolean idempotent) {
    switch (getRetry()) {
      case "BACKOFF":
        return true;
      case "BACKOFF_IF_IDEMPOTENT":
        return idempotent || getOutcome().equals("NOT_APPLIED");
      default:
        return false;
    }
  }

  /**
   * {@return code, reason and the English message for developers, for logs; the form may change}
   */
  @Override
  public String toString() {
    return (getCode() + " " + getReason()).trim() + ": " + status.getMessage();
  }

  private String metadata(String key) {
    return info.getMetadataOrDefault(key, "");
  }

  private static <T extends Message> Optional<T> first(Status status, Class<T> type) {
    for (Any detail : status.getDetailsList()) {
      try {
        if (detail.is(type)) {
          return Optional.of(detail.unpack(type));
        }
      } catch (InvalidProtocolBufferException e) {
        continue; // It counts as not there.
      }
    }
    return Optional.empty();
  }

  private static Duration delay(RetryInfo info) {
    try {
      com.google.protobuf.Duration delay = info.getRetryDelay();
      return info.hasRetryDelay() ? Duration.ofSeconds(delay.getSeconds(), delay.getNanos()) : null;
    } catch (ArithmeticException e) { // No Duration is that long.
      return null;
    }
  }

  private static int number(String code) {
    if (!NUMBERED.matcher(code).matches()) {
      return 0;
    }
    int digits = Integer.parseInt(code.substring("CBC.".length()));
    return digits == 0 ? ErrorCode.ERROR_CODE_CBC_0000_VALUE : digits;
  }
}
