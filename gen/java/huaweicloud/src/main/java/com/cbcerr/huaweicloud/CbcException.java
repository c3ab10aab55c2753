package com.cbcerr.huaweicloud;

import com.cbcerr.CbcError;
import com.cbcerr.CbcFailure;
import com.cbcerr.error.v1.FailedItem;
import java.util.List;

/**
 * An exception of the SDK that has a translated error. It is also a {@code ClientRequestException}
 * (4xx), a {@code ServerResponseException} (5xx) or another {@code ServiceResponseException}. The
 * methods of these return what they return without cbcerr.
 */
public interface CbcException {
  /** {@return the failure} */
  Throwable getCause();

  /** {@return the failure, with the response} */
  default CbcFailure failure() {
    return (CbcFailure) getCause();
  }

  /** {@return the translated error of the whole call} */
  default CbcError error() {
    return failure().error();
  }

  /** {@return the failed items of the call; the body has those that succeeded} */
  default List<FailedItem> items() {
    return failure().items();
  }

  /** {@return the first MiB of the body of the response; empty if the SDK could not read it} */
  default String body() {
    return failure().response().getText();
  }
}
