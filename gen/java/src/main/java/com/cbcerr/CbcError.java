package com.cbcerr;

import com.cbcerr.error.v1.CbcErrorProto;
import com.cbcerr.error.v1.ErrorCode;
import com.cbcerr.error.v1.Meaning;
import com.cbcerr.error.v1.MeaningProto;
import com.google.protobuf.DescriptorProtos.EnumValueOptions;
import com.google.protobuf.ExtensionLite;
import com.google.protobuf.TypeRegistry;
import com.google.rpc.ErrorDetailsProto;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A translated error of Huawei Cloud's billing and operations APIs (CBC, also named BSS).
 *
 * <p>Log {@link #getCode()}, branch on {@link #getReason()}, show {@link #getMessage()}. Before a
 * retry, call {@link #shouldRetry}. To branch on an enum, use {@code getDetail().getReason()}.
 *
 * <p>No method throws, whatever the status contains. No string is null; text that the status does
 * not have is empty. Instances are immutable.
 */
public final class CbcError implements Serializable {
  /** Domain of the {@link ErrorInfo} of every translated error. */
  public static final String DOMAIN = "cbc.huaweicloud.com";

  private static final long serialVersionUID = 1;

  private static final String PREFIX = "CBC.";
  private static final Pattern CODE_WITH_NUMBER = Pattern.compile("CBC\\.([0-9]{4}|[1-9][0-9]{7})");

  private static final TypeRegistry TYPES =
      TypeRegistry.newBuilder()
          .add(ErrorDetailsProto.getDescriptor().getMessageTypes())
          .add(CbcErrorProto.getDescriptor().getMessageTypes())
          .build();

  /** The status as received. */
  private final Status status;

  /** The detail with reason and metadata. */
  private final ErrorInfo info;

  /** The typed detail. */
  private final com.cbcerr.error.v1.CbcError detail;

  /** The recommended delay, or null. */
  private final Duration retryDelay;

  private CbcError(Status status, ErrorInfo info) {
    this.status = status;
    this.info = info;
    this.detail =
        StatusDetails.first(status, com.cbcerr.error.v1.CbcError.class)
            .orElseGet(com.cbcerr.error.v1.CbcError::getDefaultInstance);
    this.retryDelay = StatusDetails.retryDelay(status);
  }

  /**
   * Returns the translated error of a status: of a {@code Translation}, of a {@code FailedItem}, or
   * parsed from the JSON of REST. Details that cannot be decoded are ignored.
   *
   * @param status the status, may be null
   * @return the translated error; empty if upstream succeeded, and for a status of another system
   */
  public static Optional<CbcError> fromStatus(Status status) {
    if (status == null) {
      return Optional.empty();
    }
    return StatusDetails.first(status, ErrorInfo.class)
        .filter(info -> info.getDomain().equals(DOMAIN))
        .map(info -> new CbcError(status, info));
  }

  /**
   * Returns the translated error of a {@link CbcFailure}, or of a failed gRPC call such as {@code
   * Raise}. It reads the first {@code CbcFailure} among the throwable and its causes, else the
   * first {@code StatusException} or {@code StatusRuntimeException}.
   *
   * @param thrown the throwable, may be null
   * @return the translated error; empty for an error of cbcerr itself, and for a network error
   */
  public static Optional<CbcError> fromThrowable(Throwable thrown) {
    Optional<CbcFailure> failure = CbcFailure.fromThrowable(thrown);
    return failure.isPresent()
        ? failure.map(CbcFailure::error)
        : StatusDetails.statusOf(thrown).flatMap(CbcError::fromStatus);
  }

  /**
   * Returns the meaning of a code in the catalogue of this version. It makes no call; a server may
   * have a newer catalogue.
   *
   * @param number the number of the code, such as {@link #getNumber()}
   * @return the meaning; empty for an unknown code
   */
  public static Optional<Meaning> meaning(int number) {
    // The methods for ExtensionLite are the only ones in both protobuf-java 3.25 and 4.
    ExtensionLite<EnumValueOptions, Meaning> meaning = MeaningProto.meaning;
    return Optional.ofNullable(ErrorCode.forNumber(number))
        .map(code -> code.getValueDescriptor().getOptions())
        .filter(options -> options.hasExtension(meaning))
        .map(options -> options.getExtension(meaning));
  }

  /**
   * Returns the meaning of a code in the catalogue of this version, like {@link #meaning(int)}.
   *
   * @param code the code, with or without the prefix, in any letter case: {@code CBC.5003} or
   *     {@code 5003}
   * @return the meaning; empty for an unknown code
   * @throws NullPointerException if the code is null
   */
  public static Optional<Meaning> meaning(String code) {
    boolean hasPrefix = code.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
    return meaning(number(PREFIX + (hasPrefix ? code.substring(PREFIX.length()) : code)));
  }

  /**
   * Returns the types of all details. {@code JsonFormat} of protobuf-java-util needs them to read
   * or write a status:
   *
   * <pre>{@code
   * JsonFormat.parser().usingTypeRegistry(CbcError.typeRegistry()).ignoringUnknownFields().merge(json, status);
   * }</pre>
   *
   * @return a registry of {@code cbc.error.v1.CbcError} and the messages of {@code
   *     google/rpc/error_details.proto}; {@code JsonFormat} rejects a status with other details
   */
  public static TypeRegistry typeRegistry() {
    return TYPES;
  }

  /** {@return upstream's canonical code, such as {@code CBC.0250}; empty if there is none} */
  public String getCode() {
    return metadata("code");
  }

  /**
   * {@return the number of the code in {@link ErrorCode}, also of a code that is newer than this
   * version; 0 if it has none}
   */
  public int getNumber() {
    return detail.getCodeValue() != 0 ? detail.getCodeValue() : number(getCode());
  }

  /**
   * {@return the constant to branch on, such as {@code REQUEST_THROTTLED}: the name of an {@code
   * ErrorReason} without its prefix} A newer server may send other reasons.
   */
  public String getReason() {
    return info.getReason();
  }

  /**
   * {@return the retry advice for the call to upstream, such as {@code BACKOFF}: the name of a
   * {@code RetryAdvice} without its prefix}
   */
  public String getRetry() {
    return metadata("retry");
  }

  /**
   * {@return the effect of the call to upstream, such as {@code NOT_APPLIED}: the name of an {@code
   * Outcome} without its prefix}
   */
  public String getOutcome() {
    return metadata("outcome");
  }

  /** {@return the text for users, in the language of {@link #getLocale()}; at most 1 KiB} */
  public String getMessage() {
    return metadata("message");
  }

  /** {@return the BCP 47 tag of the message, such as {@code zh-CN}} */
  public String getLocale() {
    return metadata("locale");
  }

  /** {@return what to do, in one sentence for users; empty if the status does not say it} */
  public String getAdvice() {
    return metadata("advice");
  }

  /** {@return the recommended delay before a retry, at most one hour; empty if there is none} */
  public Optional<Duration> getRetryDelay() {
    return Optional.ofNullable(retryDelay);
  }

  /**
   * {@return the typed detail, with enums, the code as received and upstream's message; the default
   * instance if the status has none}
   */
  public com.cbcerr.error.v1.CbcError getDetail() {
    return detail;
  }

  /** {@return the whole status as received} */
  public Status getStatus() {
    return status;
  }

  /**
   * Reports whether the advice permits a retry of the call to upstream: upstream rejected it before
   * executing it, or failed internally and a second call cannot take effect twice. Wait for {@link
   * #getRetryDelay()}, or back off exponentially if there is none.
   *
   * @param idempotent whether executing the call twice has the same effect as executing it once
   * @return whether a retry is permitted; false for advice that is newer than this version
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

  /** {@return code, reason and the English message, for logs; the format may change} */
  @Override
  public String toString() {
    return (getCode() + " " + getReason()).trim() + ": " + status.getMessage();
  }

  private String metadata(String key) {
    return info.getMetadataOrDefault(key, "");
  }

  private static int number(String code) {
    if (!CODE_WITH_NUMBER.matcher(code).matches()) {
      return 0;
    }
    int digits = Integer.parseInt(code.substring(PREFIX.length()));
    return digits == 0 ? ErrorCode.ERROR_CODE_CBC_0000_VALUE : digits;
  }
}
