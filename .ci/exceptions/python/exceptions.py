"""Call each given server with the Python SDK and write every form in which people see its exception.

    exceptions.py NAME METHOD URL...

Each line of the output is a JSON object of a response's name, a form, and the text.
"""

import io
import json
import logging
import sys
import traceback

from huaweicloudsdkbss.v2 import (
    BssClient,
    CancelResourcesSubscriptionRequest,
    ShowCustomerAccountBalancesRequest,
    UnsubscribeResourcesReq,
)
from huaweicloudsdkcore.auth.credentials import GlobalCredentials


def call(method, url):
    """Call the server once."""
    credentials = GlobalCredentials("ak", "sk", "domain")
    client = BssClient.new_builder().with_credentials(credentials).with_endpoint(url).build()
    if method == "GET":
        return client.show_customer_account_balances(ShowCustomerAccountBalancesRequest())
    body = UnsubscribeResourcesReq(resource_ids=["resource"], unsubscribe_type=1)
    return client.cancel_resources_subscription(CancelResourcesSubscriptionRequest(body=body))


def chained(error):
    """Return the traceback of an exception that another one causes."""
    try:
        raise RuntimeError("unsubscribe failed") from error
    except RuntimeError:
        return traceback.format_exc()


def logged(error):
    """Return the log entry of an exception."""
    out = io.StringIO()
    logger = logging.Logger("billing")
    logger.addHandler(logging.StreamHandler(out))
    logger.handlers[0].setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger.error("unsubscribe failed: %s", error)
    return out.getvalue()


def forms(error):
    """Return the texts of an exception by the names of their forms."""
    return {
        "str": str(error),
        "repr": repr(error),
        "traceback": "".join(traceback.format_exception(error)),
        "chained": chained(error),
        "logging": logged(error),
        "vars": str(vars(error)),
    }


arguments = iter(sys.argv[1:])
for name, method, url in zip(arguments, arguments, arguments):
    try:
        call(method, url)
    except Exception as exception:  # pylint: disable=broad-except
        for form, text in forms(exception).items():
            print(json.dumps({"response": name, "form": form, "text": text}))
    else:
        sys.exit(f"{name}: the SDK raises no exception")
