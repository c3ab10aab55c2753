"""Call the CBC with the Python SDK and write what the program sees of each call.

    calls.py ENDPOINT ACCESS_KEY SECRET_KEY METHOD=PATH...

Each line of the output is a JSON object of a path and a result, or the parts of an exception.
"""

import json
import sys

from huaweicloudsdkbss.v2 import BssClient
from huaweicloudsdkcore.auth.credentials import GlobalCredentials
from huaweicloudsdkcore.exceptions.exceptions import SdkException
from operations import operation


def outcome(client, path):
    """Return what a program sees of a call."""
    name, request = operation(path)
    try:
        response = getattr(client, name)(request)
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
