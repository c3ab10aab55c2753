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

server, url = sys.argv[1:]
translator = TranslationServiceStub(grpc.insecure_channel(server))
for attempt in range(1, 4):
    response = requests.get(url, timeout=10)
    raw = RawResponse(http_status=response.status_code, headers=response.headers, raw=response.content)
    answer = translator.Translate(TranslateRequest(response=raw, locales=["zh-CN"]), timeout=5)
    failure = CbcFailure.from_translation(answer.translation)
    if failure is None:
        print(response.json())
        break
    print(failure.error.message, failure.error.advice)
    if attempt == 3 or not failure.error.should_retry(idempotent=True):  # a GET changes nothing
        raise failure
    time.sleep((failure.error.retry_delay or timedelta(seconds=1)).total_seconds())
