package com.cbcerr;

import com.cbcerr.error.v1.FailedItem;
import com.cbcerr.error.v1.RawResponse;
import com.cbcerr.error.v1.Translation;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A failed call to upstream, as an exception to throw. Its message is for logs; to show a text to
 * users, call {@code error().getMessage()}.
 */
public final class CbcFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The translated error. */
  private final CbcError error;

  /** The translation, with the failed items. */
  private final Translation translation;

  /** The response that was translated. */
  private final RawResponse response;

  /**
   * Creates a failure without failed items and without a response.
   *
   * @param error the translated error
   */
  public CbcFailure(CbcError error) {
    this(error, Translation.getDefaultInstance(), RawResponse.getDefaultInstance());
  }

  private CbcFailure(CbcError error, Translation translation, RawResponse response) {
    super(error.toString());
    this.error = error;
    this.translation = translation;
    this.response = response;
  }

  /**
   * Returns the failure that a translation describes. A partial failure is a failure.
   *
   * @param response the response that was translated
   * @param translation its translation, from {@code Translate}
   * @return the failure, to throw; empty if upstream succeeded
   */
  public static Optional<CbcFailure> of(RawResponse response, Translation translation) {
    return CbcError.fromStatus(translation.getStatus())
        .map(error -> new CbcFailure(error, translation, response));
  }

  /**
   * Returns the first failure among a throwable and its causes.
   *
   * @param thrown the throwable, may be null
   * @return the failure; empty if there is none
   */
  public static Optional<CbcFailure> fromThrowable(Throwable thrown) {
    return firstCause(thrown, CbcFailure.class::isInstance).map(CbcFailure.class::cast);
  }

  /** Returns the first throwable that matches, among a throwable and its causes. */
  static Optional<Throwable> firstCause(Throwable thrown, Predicate<Throwable> matches) {
    // The causes may form a cycle.
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable t = thrown; t != null && seen.add(t); t = t.getCause()) {
      if (matches.test(t)) {
        return Optional.of(t);
      }
    }
    return Optional.empty();
  }

  // The names do not begin with "get": libraries such as Jackson would write these values, and
  // fail.

  /** {@return the translated error of the whole call} */
  public CbcError error() {
    return error;
  }

  /**
   * {@return the failed items of the call, in upstream's order; items that succeeded are not
   * listed}
   */
  public List<FailedItem> items() {
    return translation.getItemsList();
  }

  /** {@return the response that was translated, with its body} */
  public RawResponse response() {
    return response;
  }
}
