"""Let clients of the Huawei Cloud SDK (huaweicloudsdkcore, huaweicloudsdkbss) raise translated errors of the CBC.

    channel = grpc.insecure_channel("localhost:9090", options=[("grpc.max_reconnect_backoff_ms", 1000)])
    handler = HttpHandler().add_response_handler(response_handler(channel, locales=["zh-CN"]))
    client = keep_throttled_responses(BssClient.new_builder().with_http_handler(handler)....build())

A call that the CBC refuses then raises an exception that is both a `CbcFailure` and an exception of the SDK, also if the
CBC answers with HTTP 200. If cbcerrd does not answer in time, or refuses, the call ends as it does without this module,
and the logger `cbcerr.huaweicloud` gets a warning. Clients may be synchronous or asynchronous.
"""

from __future__ import annotations

import json
import logging
import re
from typing import Any, Callable, Sequence, TypeVar

import grpc
from cbc.error.v1.translation_pb2 import RawResponse
from cbc.error.v1.translation_service_pb2 import TranslateRequest
from cbc.error.v1.translation_service_pb2_grpc import TranslationServiceStub
from huaweicloudsdkcore.client import Client
from huaweicloudsdkcore.exceptions import exceptions as sdk
from huaweicloudsdkcore.exceptions.exception_handler import DefaultExceptionHandler
from requests import Response

from cbcerr import CbcError, CbcFailure, FailedItem

__all__ = [
    "ClientRequestFailure", "ServerResponseFailure", "ServiceResponseFailure",
    "from_exception", "keep_throttled_responses", "response_handler",
]

_LOG = logging.getLogger(__name__)
_MAX_BODY = 1 << 20  # the server's default
_HEADERS = ("Content-Type", "Date", "HW-AJAX-REDIRECT", "Retry-After", "X-Request-Id")  # those that the server uses
_ERROR_TYPES = re.compile(r"\s*([^/;]*|text/plain|(?!image/)[^/;]+/([^;]*\+)?(x-)?(json|xml|x?html|javascript))\s*(;|$)", re.I)


class ServiceResponseFailure(CbcFailure, sdk.ServiceResponseException):
    """A failed call of the SDK. `status_code`, `error_code` and `error_msg` are those of the SDK's own exception."""

    def __init__(
        self, error: CbcError, items: Sequence[FailedItem], body: bytes, status_code: int, details: sdk.SdkError
    ) -> None:
        sdk.ServiceResponseException.__init__(self, status_code, details)
        CbcFailure.__init__(self, error, items)
        self.body = body
        """Body of the response. After a partial failure it has what succeeded, such as `order_ids`."""
        self.args = (error, self.items, body, status_code, details)  # for copy and pickle


class ClientRequestFailure(ServiceResponseFailure, sdk.ClientRequestException):
    """A failed call with HTTP 4xx."""


class ServerResponseFailure(ServiceResponseFailure, sdk.ServerResponseException):
    """A failed call with HTTP 5xx."""


_FAILURES = {sdk.ClientRequestException: ClientRequestFailure, sdk.ServerResponseException: ServerResponseFailure}


def response_handler(channel: grpc.Channel, locales: Sequence[str] = (), timeout: float = 1) -> Callable[..., None]:
    """Return a handler for `HttpHandler.add_response_handler`. It is safe for concurrent use.

    It calls cbcerrd after every response. `locales` are the languages of texts, such as `zh-CN`; `timeout` is in seconds.
    """
    stub = TranslationServiceStub(channel)

    def handle(response: Response, **_: Any) -> None:
        if not _is_judged(response):
            return
        headers = {name: response.headers[name] for name in _HEADERS if name in response.headers}
        if len(response.content) > _MAX_BODY:
            headers["Content-Length"] = str(len(response.content))  # tells that the body is cut
        raw = RawResponse(http_status=response.status_code, headers=headers, raw=response.content[:_MAX_BODY])
        failure = _translate(stub, raw, locales, timeout)
        if failure:
            raise _failure_of_sdk(failure, response.content, _own_exception(response, failure))

    return handle


def from_exception(
    exception: BaseException, channel: grpc.Channel, locales: Sequence[str] = (), timeout: float = 1
) -> CbcFailure | None:
    """Return the failure that an exception of the SDK stands for, for code without a response handler.

    Failed items, the delay of Retry-After and errors with HTTP 200 are lost: the exception does not have them. Return
    None if the exception has no response, and if cbcerrd does not answer in time.
    """
    if isinstance(exception, CbcFailure):
        return exception
    if not isinstance(exception, sdk.ServiceResponseException):
        return None
    text = str(exception.error_msg or "")
    if exception.error_code != str(exception.status_code):  # else the SDK found no code: the text is the body
        members = {"error_code": exception.error_code, "error_msg": text, "encoded_authorization_message": exception.encoded_auth_msg}
        text = json.dumps({name: value for name, value in members.items() if value})
    headers, body = {"X-Request-Id": exception.request_id or ""}, text.encode()
    if len(body) > _MAX_BODY:
        headers["Content-Length"] = str(len(body))  # tells that the body is cut
    raw = RawResponse(http_status=exception.status_code, headers=headers, text=body[:_MAX_BODY].decode(errors="ignore"))
    failure = _translate(TranslationServiceStub(channel), raw, locales, timeout)
    return _failure_of_sdk(failure, body, exception) if failure else None


_C = TypeVar("_C", bound=Client)


def keep_throttled_responses(client: _C) -> _C:
    """Return the client, which now also hands the responses of GET with HTTP 429 to its handlers.

    The SDK alone drops such a response. Its own exception then also has the code.
    """
    for adapter in client.get_http_client()._session.adapters.values():  # the SDK has no other access
        adapter.max_retries = adapter.max_retries.new(raise_on_status=False)
    return client


def _is_judged(response: Response) -> bool:
    """Report whether a response may be an error whose body can be read."""
    if response.status_code >= 400:
        return True
    if response.status_code in (206, 304) or not _ERROR_TYPES.match(response.headers.get("Content-Type", "")):
        return False
    return len(response.content) <= _MAX_BODY


def _translate(
    stub: TranslationServiceStub, raw: RawResponse, locales: Sequence[str], timeout: float
) -> CbcFailure | None:
    """Return the failure of a response; None if upstream succeeded or cbcerrd cannot tell."""
    request = TranslateRequest(response=raw, locales=locales)
    try:
        answer = stub.Translate(request, timeout=timeout)
    except (grpc.RpcError, ValueError) as error:  # a closed channel raises ValueError
        _LOG.warning("cbcerrd did not translate a response: %s", error)
        return None
    return CbcFailure.from_translation(answer.translation)


def _own_exception(response: Response, failure: CbcFailure) -> sdk.ServiceResponseException:
    """Return the exception that the SDK raises for a response, or would have to raise below HTTP 400."""
    try:
        DefaultExceptionHandler().handle_exception(response.request, response)
    except sdk.ServiceResponseException as own:
        return own
    details = sdk.SdkError(response.headers.get("X-Request-Id"), failure.error.code, failure.error.status.message)
    return sdk.ServiceResponseException(response.status_code, details)


def _failure_of_sdk(failure: CbcFailure, body: bytes, own: sdk.ServiceResponseException) -> ServiceResponseFailure:
    details = sdk.SdkError(own.request_id, own.error_code, own.error_msg, own.encoded_auth_msg)
    kind = _FAILURES.get(type(own), ServiceResponseFailure)
    return kind(failure.error, failure.items, body, own.status_code, details)
