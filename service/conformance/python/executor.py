"""Executor of the Python client: read conformance requests from standard input and write responses to standard output.

The messages are in `conformance_pb2`, generated from ../gen/conformance.binpb.
"""

import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import BinaryIO

import conformance_pb2 as pb
import grpc
from cbc.error.v1 import catalog_service_pb2, translation_service_pb2 as cbc
from cbc.error.v1.catalog_service_pb2_grpc import CatalogServiceStub
from cbc.error.v1.translation_pb2 import TranslateResult, Translation
from cbc.error.v1.translation_service_pb2_grpc import TranslationServiceStub
from cbcerr import CbcError, meaning
from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

Observations = Iterator[pb.Observation]


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    while size := source.read(4):
        resp = do(pb.Request.FromString(source.read(int.from_bytes(size, "big")))).SerializeToString()
        sink.write(len(resp).to_bytes(4, "big") + resp)
        sink.flush()


def do(req: pb.Request) -> pb.Response:
    try:
        return pb.Response(name=req.name, observations=ENTRY_POINTS[req.entry_point](req))
    except Exception as failure:  # later requests may succeed
        return pb.Response(name=req.name, failure=repr(failure))


def channel(req: pb.Request) -> grpc.Channel:
    return grpc.insecure_channel(req.grpc_target, options=[("grpc.max_receive_message_length", 16 << 20)])


def unary(req: pb.Request) -> Observations:
    with channel(req) as connection:
        for request in req.requests:
            try:
                yield of_translation(TranslationServiceStub(connection).Translate(request).translation)
            except grpc.RpcError as failure:
                yield of_rejection(failure)


def batch(req: pb.Request) -> Observations:
    with channel(req) as connection:
        response = TranslationServiceStub(connection).BatchTranslate(cbc.BatchTranslateRequest(requests=req.requests))
        yield from map(of_result, response.results)


def stream(req: pb.Request) -> Observations:
    stream_requests = (cbc.StreamTranslateRequest(id=str(i), request=r) for i, r in enumerate(req.requests))
    with channel(req) as connection:
        for i, response in enumerate(TranslationServiceStub(connection).StreamTranslate(stream_requests)):
            if response.id != str(i):
                raise ValueError(f"response {i} has the id {response.id!r}")
            yield of_result(response.result)


def raised(req: pb.Request) -> Observations:
    with channel(req) as connection:
        for r in req.requests:
            try:
                TranslationServiceStub(connection).Raise(cbc.RaiseRequest(response=r.response, locales=r.locales))
                yield of_status(status_pb2.Status())
            except grpc.RpcError as failure:
                yield of_failure(failure)


def catalog(req: pb.Request) -> Observations:
    request = catalog_service_pb2.ListErrorCodesRequest()
    with channel(req) as connection:
        while True:
            page = CatalogServiceStub(connection).ListErrorCodes(request)
            for entry in page.entries:
                yield pb.Observation(entry=entry, meaning=meaning(entry.number))
            request.page_token = page.next_page_token
            if not request.page_token:
                return


def rest(req: pb.Request) -> Observations:
    for request in req.requests:
        code, body = post(f"{req.rest_url}/v1/responses:translate", request)
        yield of_json(body, Translation()) if code == 200 else of_json_status(code, body)


def rest_raise(req: pb.Request) -> Observations:
    for r in req.requests:
        raise_request = cbc.RaiseRequest(response=r.response, locales=r.locales)
        yield of_json_status(*post(f"{req.rest_url}/v1/responses:raise", raise_request))


def read(req: pb.Request) -> Observations:
    yield from map(of_status, req.statuses)


def post(url: str, message: Message) -> tuple[int, bytes]:
    body = json_format.MessageToJson(message).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as response:
        return response.code, response.read()


def of_json(body: bytes, translation: Translation) -> pb.Observation:
    json_format.Parse(body, translation, ignore_unknown_fields=True)
    observation = of_translation(translation)
    observation.json = json_format.MessageToJson(translation)
    return observation


def of_json_status(code: int, body: bytes) -> pb.Observation:
    status = json_format.Parse(body, status_pb2.Status(), ignore_unknown_fields=True)
    if rejected(status):
        return pb.Observation(rejected=status)
    if code != 200 and not status.details:
        raise ValueError(f"{code}: {body!r}")
    observation = of_status(status)
    observation.json = json_format.MessageToJson(status)
    return observation


def of_result(result: TranslateResult) -> pb.Observation:
    return pb.Observation(rejected=result.error) if result.HasField("error") else of_translation(result.translation)


def of_translation(translation: Translation) -> pb.Observation:
    observation = of_status(translation.status)
    observation.locale = translation.locale
    for item in translation.items:
        part = of_status(item.status)
        part.id = item.id
        observation.items.append(part)
    return observation


def of_rejection(failure: grpc.RpcError) -> pb.Observation:
    status = rpc_status.from_call(failure)
    if status is None or not rejected(status):
        raise failure
    return pb.Observation(rejected=status)


def of_failure(failure: grpc.RpcError) -> pb.Observation:
    status = rpc_status.from_call(failure)
    if status is None or rejected(status):
        return of_rejection(failure)
    return of(status, CbcError.from_error(wrapped(failure)))


def wrapped(failure: Exception) -> Exception:
    """Return an error that has the failure as its cause."""
    try:
        raise RuntimeError("placing the order") from failure
    except RuntimeError as error:
        return error


def of_status(status: status_pb2.Status) -> pb.Observation:
    return of(status, CbcError.from_status(status))


def of(status: status_pb2.Status, error: CbcError | None) -> pb.Observation:
    observation = pb.Observation(status=status, details=details(status))
    if error:
        observation.error.CopyFrom(view(error))
        if value := meaning(error.number):
            observation.meaning.CopyFrom(value)
    return observation


def view(e: CbcError) -> pb.CbcErrorView:
    result = pb.CbcErrorView(
        code=e.code, number=e.number, reason=e.reason, retry=e.retry, outcome=e.outcome, locale=e.locale, message=e.message,
        advice=e.advice, should_retry=e.should_retry(idempotent=False), should_retry_idempotent=e.should_retry(idempotent=True))
    if e.retry_delay is not None:
        result.retry_delay.FromTimedelta(e.retry_delay)
    return result


def details(status: status_pb2.Status) -> pb.Details:
    """Decode the details into the fields of Details, the first of each type."""
    result = pb.Details()
    fields = {f.message_type.full_name: f.name for f in pb.Details.DESCRIPTOR.fields if f.name != "others"}
    for detail in status.details:
        name = fields.get(detail.TypeName())
        try:
            if name is None:
                result.others.append(detail)
            elif not result.HasField(name):
                detail.Unpack(getattr(result, name))
                getattr(result, name).SetInParent()
        except DecodeError:
            result.ClearField(name)
            result.others.append(detail)
    return result


def rejected(status: status_pb2.Status) -> bool:
    """Report whether a status is an error of the service itself."""
    info = error_details_pb2.ErrorInfo()
    return any(detail.Unpack(info) and info.domain == "cbcerr" for detail in status.details)


ENTRY_POINTS = {
    pb.ENTRY_POINT_UNARY: unary, pb.ENTRY_POINT_BATCH: batch, pb.ENTRY_POINT_STREAM: stream, pb.ENTRY_POINT_RAISE: raised, pb.ENTRY_POINT_CATALOG: catalog,
    pb.ENTRY_POINT_REST: rest, pb.ENTRY_POINT_REST_RAISE: rest_raise, pb.ENTRY_POINT_READ: read,
}

if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
