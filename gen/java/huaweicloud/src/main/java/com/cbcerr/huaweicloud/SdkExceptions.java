package com.cbcerr.huaweicloud;

import com.cbcerr.CbcFailure;
import com.huaweicloud.sdk.core.exception.ClientRequestException;
import com.huaweicloud.sdk.core.exception.SdkErrorMessage;
import com.huaweicloud.sdk.core.exception.ServerResponseException;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.core.http.HttpResponse;
import com.huaweicloud.sdk.core.utils.ExceptionUtils;

/** The classes of {@link CbcException}, one for each class of the SDK. */
final class SdkExceptions {
  private SdkExceptions() {}

  /** Returns the exception that the SDK throws for a response from 400 on, with a failure. */
  static ServiceResponseException mapException(HttpResponse response, CbcFailure failure) {
    ServiceResponseException exception =
        mapException(response.getStatusCode(), errorMessage(response));
    exception.initCause(failure);
    return exception;
  }

  private static SdkErrorMessage errorMessage(HttpResponse response) {
    try {
      return ExceptionUtils.extractErrorMessage(response);
    } catch (NullPointerException e) { // The SDK does not expect a code or message that is null.
      return new SdkErrorMessage(response.getStatusCode()).withErrorMsg(response.getBodyAsString());
    }
  }

  private static ServiceResponseException mapException(int httpStatus, SdkErrorMessage message) {
    switch (httpStatus / 100) {
      case 4:
        return new CbcClientRequestException(httpStatus, message);
      case 5:
        return new CbcServerResponseException(httpStatus, message);
      default:
        return new CbcServiceResponseException(httpStatus, message);
    }
  }

  private static final class CbcClientRequestException extends ClientRequestException
      implements CbcException {
    private static final long serialVersionUID = 1;

    CbcClientRequestException(int httpStatus, SdkErrorMessage message) {
      super(httpStatus, message);
    }
  }

  private static final class CbcServerResponseException extends ServerResponseException
      implements CbcException {
    private static final long serialVersionUID = 1;

    CbcServerResponseException(int httpStatus, SdkErrorMessage message) {
      super(httpStatus, message);
    }
  }

  private static final class CbcServiceResponseException extends ServiceResponseException
      implements CbcException {
    private static final long serialVersionUID = 1;

    CbcServiceResponseException(int httpStatus, SdkErrorMessage message) {
      super(httpStatus, message);
    }
  }
}
