import sys

import grpc
from cbc.error.v1.translation_pb2 import RawResponse
from cbc.error.v1.translation_service_pb2 import RaiseRequest
from cbc.error.v1.translation_service_pb2_grpc import TranslationServiceStub
from cbcerr import CbcError

channel = grpc.insecure_channel(sys.argv[1] if len(sys.argv) > 1 else "localhost:9090")
response = RawResponse(http_status=400, text='{"error_code":"CBC.99003651"}')
try:
    TranslationServiceStub(channel).Raise(RaiseRequest(response=response, locales=["zh-CN"]))
except grpc.RpcError as failure:
    error = CbcError.from_error(failure)
    if not error:  # an error of cbcerr itself, or a network error
        raise
    print(error.reason, error.retry, error.message)
