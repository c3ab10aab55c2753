"""Errors of Huawei Cloud's billing and operations APIs (CBC, also named BSS), as the service cbcerr translates them.

The messages and stubs are generated, in `cbc.error.v1`; this module has the few words that every program needs:

    try:
        stub.Raise(request)
    except grpc.RpcError as failure:
        error = CbcError.from_error(failure)
        if not error:  # the service's own, or one of the network
            raise
        if error.should_retry(idempotent=False):
            ...

Quote `code`, branch on `reason`, show `message`. It asks nobody and keeps nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar, cast

import grpc
from cbc.error.v1 import cbc_error_pb2, error_code_pb2, meaning_pb2
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2 as standard
from google.rpc import status_pb2
from grpc_status import rpc_status

__all__ = ["DOMAIN", "CbcError", "meaning"]

DOMAIN = "cbc.huaweicloud.com"
"""The domain of the google.rpc.ErrorInfo of every translated error."""


@dataclass(frozen=True)
class CbcError:
    """An error of the CBC, translated. What was not said is empty."""

    code: str
    """Upstream's code in its canonical spelling, such as `CBC.0250`."""
    number: int
    """Its number in `ErrorCode`, also of a code that is newer than this package; 0 where it has none."""
    reason: str
    """The constant to branch on, such as `REQUEST_THROTTLED`: a name of `ErrorReason` without its prefix."""
    retry: str
    """The advice by its name in `RetryAdvice`, such as `BACKOFF`."""
    outcome: str
    """What became of the effect, by its name in `Outcome`, such as `NOT_APPLIED`."""
    message: str
    """The text for people, in the language of `locale`."""
    locale: str
    """A BCP 47 tag, such as `zh-CN`."""
    retry_delay: timedelta | None
    """How long to wait before a repetition; None where the error does not say."""
    detail: cbc_error_pb2.CbcError = field(compare=False, repr=False)
    """The same by typed enums, and more."""
    status: status_pb2.Status = field(compare=False, repr=False)
    """All that was received."""

    @classmethod
    def from_error(cls, error: BaseException) -> CbcError | None:
        """Reads the error of Raise, of grpc or grpc.aio, also as the cause of another error. None where it is no error of
        the CBC, but the service's own or one of the network."""
        call = _call(error)
        try:
            status = rpc_status.from_call(cast(grpc.Call, call)) if call else None
        except (AttributeError, DecodeError, ValueError):  # no call; a status that cannot be read or is another one
            return None
        return cls.from_status(status) if status else None

    @classmethod
    def from_status(cls, status: status_pb2.Status) -> CbcError | None:
        """Reads a status of Translate, BatchTranslate and StreamTranslate, or of a failed item. None where it is no
        error of the CBC: upstream succeeded, or it is another system's. A detail that cannot be read counts as not
        there."""
        info = _detail(status, standard.ErrorInfo)
        if info is None or info.domain != DOMAIN:
            return None
        said = info.metadata
        code = said.get("code", "")
        detail = _detail(status, cbc_error_pb2.CbcError) or cbc_error_pb2.CbcError()
        return cls(
            code=code, number=detail.code or _number(code), reason=info.reason,
            retry=said.get("retry", ""), outcome=said.get("outcome", ""),
            message=said.get("message", ""), locale=said.get("locale", ""),
            retry_delay=_delay(status), detail=detail, status=status,
        )

    def should_retry(self, idempotent: bool) -> bool:
        """Tells whether the call to upstream is worth repeating, after a wait: where upstream turned it away unexecuted,
        or where it failed inside and repeating it cannot do the thing twice. An advice that is newer than this package
        counts as no."""
        if self.retry == "BACKOFF_IF_IDEMPOTENT":
            return idempotent or self.outcome == "NOT_APPLIED"
        return self.retry == "BACKOFF"


def meaning(number: int) -> meaning_pb2.Meaning | None:
    """What the catalogue that this package was generated from says of a code; None for one that it does not have."""
    value = error_code_pb2.ErrorCode.DESCRIPTOR.values_by_number.get(number)
    options = value.GetOptions() if value else None
    if options is None or not options.HasExtension(meaning_pb2.meaning):
        return None
    return options.Extensions[meaning_pb2.meaning]


def _call(error: BaseException | None) -> grpc.RpcError | None:
    """The first error of grpc among an error and its causes."""
    seen: set[int] = set()  # a cause may lead back to itself
    while error is not None and id(error) not in seen:
        if isinstance(error, grpc.RpcError):
            return error
        seen.add(id(error))
        error = error.__cause__
    return None


_M = TypeVar("_M", bound=Message)


def _detail(status: status_pb2.Status, kind: type[_M]) -> _M | None:
    """The first detail of a type, None where there is none that can be read."""
    for packed in status.details:
        detail = kind()
        try:
            if packed.Unpack(detail):
                return detail
        except DecodeError:
            pass
    return None


def _delay(status: status_pb2.Status) -> timedelta | None:
    info = _detail(status, standard.RetryInfo)
    if info is None or not info.HasField("retry_delay"):
        return None
    try:
        return info.retry_delay.ToTimedelta()
    except (OverflowError, ValueError):  # more than 10,000 years
        return None


def _number(code: str) -> int:
    """The contract's rule for a code whose number was lost, as in JSON that names an enum value which is newer than the
    reader: exactly 4 digits, or 8 not beginning with 0."""
    if code == "CBC.0000":
        return error_code_pb2.ERROR_CODE_CBC_0000
    found = re.fullmatch(r"CBC\.([0-9]{4}|[1-9][0-9]{7})", code)
    return int(found[1]) if found else 0
