"""Read errors of Huawei Cloud's billing and operations APIs (CBC, also named BSS) that cbcerr has translated.

The package `cbc.error.v1` has the generated messages and stubs. This module has what every program needs to handle an
error:

    try:
        stub.Raise(request)
    except grpc.RpcError as failure:
        error = CbcError.from_error(failure)
        if not error:  # an error of cbcerr itself, or a network error
            raise
        if error.should_retry(idempotent=False):
            ...

`CbcFailure` is the exception to raise for a translated error. `cbcerr.huaweicloud` makes clients of the Huawei Cloud SDK
raise it.

Log `code`, branch on `reason`, show `message`. The module makes no calls and keeps no state.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Iterable, TypeVar, cast

import grpc
from cbc.error.v1 import cbc_error_pb2, error_code_pb2, meaning_pb2, translation_pb2
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2 as standard
from google.rpc import status_pb2
from grpc_status import rpc_status

__all__ = ["DOMAIN", "CbcError", "CbcFailure", "FailedItem", "meaning"]

DOMAIN = "cbc.huaweicloud.com"
"""Domain of the google.rpc.ErrorInfo of every translated error."""


@dataclass(frozen=True)
class CbcError:
    """A translated error of the CBC. Text that the status does not have is empty."""

    code: str
    """Upstream's code in its canonical spelling, such as `CBC.0250`; empty if there is none."""
    number: int
    """Number of the code in `ErrorCode`, also of a code that is newer than this package; 0 if it has none."""
    reason: str
    """Constant to branch on, such as `REQUEST_THROTTLED`: the name of an `ErrorReason` without its prefix."""
    retry: str
    """Retry advice for the call to upstream, such as `BACKOFF`: the name of a `RetryAdvice` without its prefix."""
    outcome: str
    """Effect of the call to upstream, such as `NOT_APPLIED`: the name of an `Outcome` without its prefix."""
    message: str
    """Text for users, in the language of `locale`."""
    locale: str
    """BCP 47 tag, such as `zh-CN`."""
    advice: str
    """What to do, in one sentence for users."""
    retry_delay: timedelta | None
    """Recommended delay before a retry; None if none is recommended."""
    detail: cbc_error_pb2.CbcError = field(compare=False, repr=False)
    """Typed detail, with enums and the code as received; empty if the status has none."""
    status: status_pb2.Status = field(compare=False, repr=False)
    """Whole status as received."""

    @classmethod
    def from_error(cls, error: BaseException) -> CbcError | None:
        """Return the translated error of a failed gRPC call, such as Raise, made with grpc or grpc.aio.

        `error` is the error of the call, or an exception that was raised from it. Return None for an error of cbcerr
        itself, and for a network error.
        """
        call = _first_rpc_error(error)
        try:
            status = rpc_status.from_call(cast(grpc.Call, call)) if call else None
        except (AttributeError, DecodeError, ValueError):  # not a call, or an invalid status
            return None
        return cls.from_status(status) if status else None

    @classmethod
    def from_status(cls, status: status_pb2.Status) -> CbcError | None:
        """Return the translated error of a status of Translate, BatchTranslate or StreamTranslate, or of a failed item.

        Return None if upstream succeeded, and for a status of another system. Details that cannot be decoded are
        ignored.
        """
        info = _detail(status, standard.ErrorInfo)
        if info is None or info.domain != DOMAIN:
            return None
        metadata = info.metadata
        code = metadata.get("code", "")
        detail = _detail(status, cbc_error_pb2.CbcError) or cbc_error_pb2.CbcError()
        return cls(
            code=code, number=detail.code or _number(code), reason=info.reason,
            retry=metadata.get("retry", ""), outcome=metadata.get("outcome", ""),
            message=metadata.get("message", ""), locale=metadata.get("locale", ""),
            advice=metadata.get("advice", ""),
            retry_delay=_retry_delay(status), detail=detail, status=status,
        )

    def should_retry(self, idempotent: bool) -> bool:
        """Report whether the advice permits a retry of the call to upstream, after a delay.

        Upstream rejected the call before executing it, or failed internally and a second call cannot take effect twice.
        Return False for advice that is newer than this package.
        """
        if self.retry == "BACKOFF_IF_IDEMPOTENT":
            return idempotent or self.outcome == "NOT_APPLIED"
        return self.retry == "BACKOFF"


@dataclass(frozen=True)
class FailedItem:
    """One failed item of a call for many."""

    id: str
    """ID that upstream gives the item: a resource, customer or quota ID; empty if it gives none."""
    error: CbcError | None
    """Error of the item; None if the status of the item is not a translated error."""


class CbcFailure(Exception):
    """A failed call to the CBC. It is the exception to raise for a translated error."""

    def __init__(self, error: CbcError, items: Iterable[FailedItem] = ()) -> None:
        self.error = error
        self.items = tuple(items)
        Exception.__init__(self, error, self.items)  # a subclass may have a second base with other arguments

    @classmethod
    def from_translation(cls, translation: translation_pb2.Translation) -> CbcFailure | None:
        """Return the failure that a translation describes; None if upstream succeeded."""
        error = CbcError.from_status(translation.status)
        items = [FailedItem(item.id, CbcError.from_status(item.status)) for item in translation.items]
        return CbcFailure(error, items) if error else None

    def __str__(self) -> str:
        """Return code, reason and the English message, and the number of failed items, for logs."""
        text = f"{self.error.code} {self.error.reason}: {self.error.status.message}".strip()
        return f"{text} (failed items: {len(self.items)})" if self.items else text


def meaning(code: int | str) -> meaning_pb2.Meaning | None:
    """Return the meaning of a code in the catalogue of this version, or None for an unknown code. No call is made.

    `code` is a number such as 5003, or text with or without the prefix, in any letter case, such as `CBC.5003` or `5003`.
    Raise TypeError for any other type.
    """
    if isinstance(code, bool) or not isinstance(code, (int, str)):
        raise TypeError(f"code: {code!r} is a {type(code).__name__}, not an int or a str")
    number = _number("CBC." + code.upper().removeprefix("CBC.")) if isinstance(code, str) else code
    value = error_code_pb2.ErrorCode.DESCRIPTOR.values_by_number.get(number)
    options = value.GetOptions() if value else None
    if options is None or not options.HasExtension(meaning_pb2.meaning):
        return None
    return options.Extensions[meaning_pb2.meaning]


def _first_rpc_error(error: BaseException | None) -> grpc.RpcError | None:
    """Return the first error of grpc among an error and its causes."""
    seen: set[int] = set()  # the causes may form a cycle
    while error is not None and id(error) not in seen:
        if isinstance(error, grpc.RpcError):
            return error
        seen.add(id(error))
        error = error.__cause__
    return None


_M = TypeVar("_M", bound=Message)


def _detail(status: status_pb2.Status, kind: type[_M]) -> _M | None:
    """Return the first detail of a type that can be decoded."""
    for packed in status.details:
        detail = kind()
        try:
            if packed.Unpack(detail):
                return detail
        except DecodeError:
            pass
    return None


def _retry_delay(status: status_pb2.Status) -> timedelta | None:
    info = _detail(status, standard.RetryInfo)
    if info is None or not info.HasField("retry_delay"):
        return None
    try:
        return info.retry_delay.ToTimedelta()
    except (OverflowError, ValueError):  # outside the range of Duration or timedelta
        return None


def _number(code: str) -> int:
    """Return the number of a code of 4 digits, or of 8 that do not begin with 0; else 0.

    The typed detail lacks the number if it was read from JSON that names a code newer than this package.
    """
    if code == "CBC.0000":
        return error_code_pb2.ERROR_CODE_CBC_0000
    match = re.fullmatch(r"CBC\.([0-9]{4}|[1-9][0-9]{7})", code)
    return int(match[1]) if match else 0
