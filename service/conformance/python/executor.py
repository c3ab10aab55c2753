"""The executor of the Python client: it does what tasks say and reports what the client made of the answers.

Its messages are those of `conformance_pb2`, generated from ../gen/conformance.binpb.
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

Readings = Iterator[pb.Reading]


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    while size := source.read(4):
        report = do(pb.Task.FromString(source.read(int.from_bytes(size, "big")))).SerializeToString()
        sink.write(len(report).to_bytes(4, "big") + report)
        sink.flush()


def do(task: pb.Task) -> pb.Report:
    try:
        return pb.Report(name=task.name, readings=DOORS[task.door](task))
    except Exception as failure:  # the next task is another one
        return pb.Report(name=task.name, failure=repr(failure))


def channel(task: pb.Task) -> grpc.Channel:
    return grpc.insecure_channel(task.grpc_target, options=[("grpc.max_receive_message_length", 16 << 20)])


def unary(task: pb.Task) -> Readings:
    with channel(task) as connection:
        for request in task.requests:
            try:
                yield of_translation(TranslationServiceStub(connection).Translate(request).translation)
            except grpc.RpcError as failure:
                yield of_refusal(failure)


def batch(task: pb.Task) -> Readings:
    with channel(task) as connection:
        answer = TranslationServiceStub(connection).BatchTranslate(cbc.BatchTranslateRequest(requests=task.requests))
        yield from map(of_result, answer.results)


def stream(task: pb.Task) -> Readings:
    asked = (cbc.StreamTranslateRequest(id=str(i), request=r) for i, r in enumerate(task.requests))
    with channel(task) as connection:
        for i, answer in enumerate(TranslationServiceStub(connection).StreamTranslate(asked)):
            if answer.id != str(i):
                raise ValueError(f"answer {i} has the id {answer.id!r}")
            yield of_result(answer.result)


def raised(task: pb.Task) -> Readings:
    with channel(task) as connection:
        for r in task.requests:
            try:
                TranslationServiceStub(connection).Raise(cbc.RaiseRequest(response=r.response, locales=r.locales))
                yield of_status(status_pb2.Status())
            except grpc.RpcError as failure:
                yield of_failure(failure)


def catalog(task: pb.Task) -> Readings:
    request = catalog_service_pb2.ListErrorCodesRequest()
    with channel(task) as connection:
        while True:
            page = CatalogServiceStub(connection).ListErrorCodes(request)
            for entry in page.entries:
                yield pb.Reading(entry=entry, meaning=meaning(entry.number))
            request.page_token = page.next_page_token
            if not request.page_token:
                return


def rest(task: pb.Task) -> Readings:
    for request in task.requests:
        code, body = post(f"{task.rest_url}/v1/responses:translate", request)
        yield of_json(body, Translation()) if code == 200 else of_json_status(code, body)


def rest_raise(task: pb.Task) -> Readings:
    for r in task.requests:
        asked = cbc.RaiseRequest(response=r.response, locales=r.locales)
        yield of_json_status(*post(f"{task.rest_url}/v1/responses:raise", asked))


def read(task: pb.Task) -> Readings:
    yield from map(of_status, task.statuses)


def post(url: str, message: Message) -> tuple[int, bytes]:
    body = json_format.MessageToJson(message).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read()


def of_json(body: bytes, translation: Translation) -> pb.Reading:
    json_format.Parse(body, translation, ignore_unknown_fields=True)
    reading = of_translation(translation)
    reading.json = json_format.MessageToJson(translation)
    return reading


def of_json_status(code: int, body: bytes) -> pb.Reading:
    status = json_format.Parse(body, status_pb2.Status(), ignore_unknown_fields=True)
    if refused(status):
        return pb.Reading(refused=status)
    if code != 200 and not status.details:
        raise ValueError(f"{code}: {body!r}")
    reading = of_status(status)
    reading.json = json_format.MessageToJson(status)
    return reading


def of_result(result: TranslateResult) -> pb.Reading:
    return pb.Reading(refused=result.error) if result.HasField("error") else of_translation(result.translation)


def of_translation(translation: Translation) -> pb.Reading:
    reading = of_status(translation.status)
    reading.locale = translation.locale
    for item in translation.items:
        part = of_status(item.status)
        part.id = item.id
        reading.items.append(part)
    return reading


def of_refusal(failure: grpc.RpcError) -> pb.Reading:
    status = rpc_status.from_call(failure)
    if status is None or not refused(status):
        raise failure
    return pb.Reading(refused=status)


def of_failure(failure: grpc.RpcError) -> pb.Reading:
    status = rpc_status.from_call(failure)
    if status is None or refused(status):
        return of_refusal(failure)
    return of(status, CbcError.from_error(wrapped(failure)))


def wrapped(failure: Exception) -> Exception:
    """The error as programs pass it on."""
    try:
        raise RuntimeError("placing the order") from failure
    except RuntimeError as error:
        return error


def of_status(status: status_pb2.Status) -> pb.Reading:
    return of(status, CbcError.from_status(status))


def of(status: status_pb2.Status, error: CbcError | None) -> pb.Reading:
    reading = pb.Reading(status=status, details=details(status))
    if error:
        reading.error.CopyFrom(view(error))
        if known := meaning(error.number):
            reading.meaning.CopyFrom(known)
    return reading


def view(e: CbcError) -> pb.CbcErrorView:
    seen = pb.CbcErrorView(
        code=e.code, number=e.number, reason=e.reason, retry=e.retry, outcome=e.outcome, locale=e.locale, message=e.message,
        should_retry=e.should_retry(idempotent=False), should_retry_idempotent=e.should_retry(idempotent=True))
    if e.retry_delay is not None:
        seen.retry_delay.FromTimedelta(e.retry_delay)
    return seen


def details(status: status_pb2.Status) -> pb.Details:
    """Sorts the details by their types: fields of Details are of the classes that programs use."""
    sorted_ = pb.Details()
    kinds = {f.message_type.full_name: f.name for f in pb.Details.DESCRIPTOR.fields if f.name != "others"}
    for packed in status.details:
        name = kinds.get(packed.TypeName())
        try:
            if name is None:
                sorted_.others.append(packed)
            elif not sorted_.HasField(name):
                packed.Unpack(getattr(sorted_, name))
                getattr(sorted_, name).SetInParent()
        except DecodeError:
            sorted_.ClearField(name)
            sorted_.others.append(packed)
    return sorted_


def refused(status: status_pb2.Status) -> bool:
    """Tells whether a status is the service's own error."""
    info = error_details_pb2.ErrorInfo()
    return any(packed.Unpack(info) and info.domain == "cbcerr" for packed in status.details)


DOORS = {
    pb.DOOR_UNARY: unary, pb.DOOR_BATCH: batch, pb.DOOR_STREAM: stream, pb.DOOR_RAISE: raised, pb.DOOR_CATALOG: catalog,
    pb.DOOR_REST: rest, pb.DOOR_REST_RAISE: rest_raise, pb.DOOR_READ: read,
}

if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
