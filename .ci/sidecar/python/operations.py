"""Operations of the Python SDK, by the path of the fake CBC's scenarios."""

from huaweicloudsdkbss.v2 import (
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

ORDERS = "/v2/orders/customer-orders/details/"  # named like their scenarios
OPERATIONS = {
    "/v2/orders/customer-orders/cancel": (
        "cancel_customer_order", CancelCustomerOrderRequest(body=CancelCustomerOrderReq(order_id="CS1"))),
    "/v2/orders/subscriptions/resources/unsubscribe": (
        "cancel_resources_subscription",
        CancelResourcesSubscriptionRequest(body=UnsubscribeResourcesReq(resource_ids=["r1", "r2"], unsubscribe_type=1))),
    "/v2/orders/subscriptions/resources/renew": (
        "renewal_resources", RenewalResourcesRequest(body=RenewalResourcesReq(resource_ids=["r1"], period_type=2, period_num=1))),
    "/v3/orders/customer-orders/pay": (
        "pay_orders", PayOrdersRequest(body=PayCustomerOrderV3Req(order_id="CS1", use_coupon="NO", use_discount="NO"))),
    "/v2/partners/sub-customers": (
        "create_sub_customer", CreateSubCustomerRequest(body=CreateCustomerV2Req(xaccount_id="x", xaccount_type="y"))),
}


def operation(path):
    """Return the name and the request of the operation of a path."""
    if path.startswith(ORDERS):
        return "show_customer_order_details", ShowCustomerOrderDetailsRequest(order_id=path.removeprefix(ORDERS))
    return OPERATIONS[path]
