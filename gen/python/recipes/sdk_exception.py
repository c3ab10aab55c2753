"""Translate an exception of the SDK of Huawei Cloud, and retry if that is safe: sdk_exception.py SERVER ENDPOINT"""
import sys
import time
from datetime import timedelta

import grpc
from cbcerr.huaweicloud import from_exception
from huaweicloudsdkbss.v2 import BssClient, ShowCustomerOrderDetailsRequest
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException

MAX_WAIT = timedelta(minutes=1)

server, endpoint = sys.argv[1:]
channel = grpc.insecure_channel(server, options=[("grpc.max_reconnect_backoff_ms", 1000)])
client = BssClient.new_builder().with_endpoint(endpoint).build()
for attempt in range(1, 4):
    try:
        print(client.show_customer_order_details(ShowCustomerOrderDetailsRequest(order_id="CS1")))
        break
    except ServiceResponseException as exception:
        failure = from_exception(exception, channel, locales=["zh-CN"])
        if failure is None:  # cbcerrd does not answer
            raise
        print(failure.error.message, failure.error.advice)
        wait = failure.error.retry_delay or timedelta(seconds=1)
        if attempt == 3 or wait > MAX_WAIT or not failure.error.should_retry(idempotent=True):  # a GET changes nothing
            raise failure from exception
        time.sleep(wait.total_seconds())
