"""Call the CBC with the Python SDK and write what the program sees of each call.

    calls.py ENDPOINT ACCESS_KEY SECRET_KEY METHOD=PATH...

Each line of the output is a JSON object of a path and a result, or the parts of an exception.
"""

import json
import sys

from huaweicloudsdkbss.v2 import (
    BssClient,
    CancelCustomerOrderReq,
    CancelCustomerOrderRequest,
    CancelResourcesSubscriptionRequest,
    CreateCustomerV2Req,
    CreateSubCustomerRequest,
    PayCustomerOrderV3Req,
    PayOrdersRequest,
    RenewalResourcesReq,
    RenewalResourcesRequest,
    ShowCustomerOrderDetailsRequest,
    UnsubscribeResourcesReq,
)
from huaweicloudsdkcore.auth.credentials import GlobalCredentials
from huaweicloudsdkcore.exceptions.exceptions import SdkException

DETAILS = "/v2/orders/customer-orders/details/"

OPERATIONS = {
    "/v2/orders/customer-orders/cancel": lambda client: client.cancel_customer_order(
        CancelCustomerOrderRequest(body=CancelCustomerOrderReq(order_id="CS1"))
    ),
    "/v2/orders/subscriptions/resources/unsubscribe": lambda client: client.cancel_resources_subscription(
        CancelResourcesSubscriptionRequest(body=UnsubscribeResourcesReq(resource_ids=["r1", "r2"], unsubscribe_type=1))
    ),
    "/v2/orders/subscriptions/resources/renew": lambda client: client.renewal_resources(
        RenewalResourcesRequest(
            body=RenewalResourcesReq(resource_ids=["r1"], period_type=2, period_num=1)
        )
    ),
    "/v3/orders/customer-orders/pay": lambda client: client.pay_orders(
        PayOrdersRequest(body=PayCustomerOrderV3Req(order_id="CS1", use_coupon="NO", use_discount="NO"))
    ),
    "/v2/partners/sub-customers": lambda client: client.create_sub_customer(
        CreateSubCustomerRequest(body=CreateCustomerV2Req(xaccount_id="x", xaccount_type="y"))
    ),
}


def call(client, path):
    """Call the operation of a path once."""
    if path.startswith(DETAILS):
        return client.show_customer_order_details(ShowCustomerOrderDetailsRequest(order_id=path[len(DETAILS) :]))
    return OPERATIONS[path](client)


def outcome(client, path):
    """Return what a program sees of a call."""
    try:
        response = call(client, path)
    except SdkException as error:
        return {
            "type": type(error).__name__,
            "status": getattr(error, "status_code", 0),
            "code": str(getattr(error, "error_code", "")),
            "message": error.error_msg,
            "request": getattr(error, "request_id", None),
        }
    except OSError as error:  # the SDK passes on what it does not know
        return {"type": type(error).__name__}
    return {"result": f"{response.status_code} {response}"}


def main(endpoint, access_key, secret_key, *calls):
    """Make all calls in order."""
    credentials = GlobalCredentials(access_key, secret_key, "domain")
    client = BssClient.new_builder().with_credentials(credentials).with_endpoint(endpoint).build()
    for path in (call.partition("=")[2] for call in calls):
        print(json.dumps({"path": path, **outcome(client, path)}))


main(*sys.argv[1:])
