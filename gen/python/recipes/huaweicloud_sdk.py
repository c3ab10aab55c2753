"""Show an order with the SDK of Huawei Cloud: huaweicloud_sdk.py SERVER ENDPOINT ORDER_ID"""
import sys

import grpc
from cbcerr import CbcFailure
from cbcerr.huaweicloud import keep_throttled_responses, response_handler
from huaweicloudsdkbss.v2 import BssClient, ShowCustomerOrderDetailsRequest
from huaweicloudsdkcore.http.http_handler import HttpHandler

server, endpoint, order_id = sys.argv[1:]
channel = grpc.insecure_channel(server, options=[("grpc.max_reconnect_backoff_ms", 1000)])
handler = HttpHandler().add_response_handler(response_handler(channel, locales=["zh-CN"]))
client = keep_throttled_responses(BssClient.new_builder().with_endpoint(endpoint).with_http_handler(handler).build())
try:
    print(client.show_customer_order_details(ShowCustomerOrderDetailsRequest(order_id=order_id)))
except CbcFailure as failure:  # also a ServiceResponseException
    print(failure.error.reason, failure.error.message, failure.error.advice)
    for item in failure.items:
        print(item.id, item.error)
