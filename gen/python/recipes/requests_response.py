"""Translate a response of requests, and retry the call if that is safe: requests_response.py SERVER URL"""
import sys
import time
from datetime import timedelta

import grpc
import requests
from cbc.error.v1.translation_pb2 import RawResponse
from cbc.error.v1.translation_service_pb2 import TranslateRequest
from cbc.error.v1.translation_service_pb2_grpc import TranslationServiceStub
from cbcerr import CbcFailure

HEADERS = ("Content-Type", "Date", "HW-AJAX-REDIRECT", "Retry-After", "X-Request-Id")  # those that cbcerrd uses
MAX_WAIT = timedelta(minutes=1)

server, url = sys.argv[1:]
translator = TranslationServiceStub(grpc.insecure_channel(server))
for attempt in range(1, 4):
    response = requests.get(url, timeout=10)
    headers = {name: response.headers[name] for name in HEADERS if name in response.headers}
    raw = RawResponse(http_status=response.status_code, headers=headers, raw=response.content)
    try:
        answer = translator.Translate(TranslateRequest(response=raw, locales=["zh-CN"]), timeout=5)
    except grpc.RpcError as refusal:  # without a translation, such as of more than 1 MiB, the HTTP status decides
        print("The response is not checked:", refusal, file=sys.stderr)
        response.raise_for_status()
        print(response.json())
        break
    failure = CbcFailure.from_translation(answer.translation)
    if failure is None:
        print(response.json())
        break
    print(failure.error.message, failure.error.advice)
    wait = failure.error.retry_delay or timedelta(seconds=1)
    if attempt == 3 or wait > MAX_WAIT or not failure.error.should_retry(idempotent=True):  # a GET changes nothing
        raise failure
    time.sleep(wait.total_seconds())
