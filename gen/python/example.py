import sys

import grpc
from cbc.error.v1.translation_pb2 import RawResponse
from cbc.error.v1.translation_service_pb2 import TranslateRequest
from cbc.error.v1.translation_service_pb2_grpc import TranslationServiceStub
from cbcerr import CbcError

channel = grpc.insecure_channel(sys.argv[1] if len(sys.argv) > 1 else "localhost:9090")
response = RawResponse(http_status=400, text='{"error_code":"CBC.99003651"}')
request = TranslateRequest(response=response, locales=["zh-CN"])
translation = TranslationServiceStub(channel).Translate(request, timeout=5).translation
error = CbcError.from_status(translation.status)
if error:  # None if upstream succeeded
    print(error.reason, error.retry, error.message)
