import sys

import grpc
from cbc.error.v1 import translation_service_pb2 as cbc
from cbc.error.v1.translation_service_pb2_grpc import TranslationServiceStub
from cbcerr import CbcError

channel = grpc.insecure_channel(sys.argv[1] if len(sys.argv) > 1 else "localhost:9090")
response = cbc.RawResponse(http_status=400, text='{"error_code":"CBC.99003651"}')
try:
    TranslationServiceStub(channel).Raise(cbc.RaiseRequest(response=response, locales=["zh-CN"]))
except grpc.RpcError as failure:
    error = CbcError.from_error(failure)
    if not error:  # the service's own, or one of the network
        raise
    print(error.reason, error.retry, error.message)
