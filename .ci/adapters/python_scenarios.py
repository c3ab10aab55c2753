"""Call the fake CBC in all scenarios with the SDK and its adapter: python_scenarios.py GRPC_ADDRESS FAKE_URL

Then with servers that do not answer: every call must end as with the SDK alone.
"""

import copy
import json
import pickle
import socket
import sys
import unittest

import grpc
from cbcerr import CbcFailure
from cbcerr.huaweicloud import from_exception, keep_throttled_responses, response_handler
from google.rpc import code_pb2
from huaweicloudsdkbss.v2 import BssAsyncClient, BssClient
from huaweicloudsdkcore.auth.credentials import GlobalCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException, ServerResponseException, ServiceResponseException
from huaweicloudsdkcore.http.http_handler import HttpHandler
from operations import ORDERS, operation
from recipes import serve


def build(client_type, url, *handlers):
    """Return a client of the SDK, with the adapter if there is a handler."""
    credentials = GlobalCredentials("FAKEACCESSKEY0000001", "fake-secret-key-of-no-account", "d")  # fakecbc.TestKeys
    http = HttpHandler()
    for handler in handlers:
        http.add_response_handler(handler)
    client = client_type.new_builder().with_credentials(credentials).with_endpoint(url).with_http_handler(http).build()
    return keep_throttled_responses(client) if handlers else client


def result(client, scenario):
    """Call the operation of a scenario; return what it returns or raises."""
    name, request = operation(scenario["path"])
    try:
        if isinstance(client, BssAsyncClient):
            return getattr(client, name + "_async")(request).result()
        return getattr(client, name)(request)
    except Exception as exception:  # pylint: disable=broad-except
        return exception


def described(end):
    """Return what a caller sees of the end of a call by the SDK alone."""
    if isinstance(end, Exception):
        return type(end), {name: value for name, value in vars(end).items() if not isinstance(value, Exception)}, str(end)
    return type(end), end.status_code, end.raw_content, str(end)


def meaning(failure):
    """Return what a failure says, in the form of scenarios.json."""
    error = failure.error
    wait = error.should_retry(idempotent=False) and error.retry_delay
    fields = {
        "status": code_pb2.Code.Name(error.status.code), "code": error.code, "reason": error.reason, "retry": error.retry,
        "outcome": error.outcome, "items": [item.id for item in failure.items],
        "wait": f"{wait.total_seconds():.0f}s" if wait else None,
    }
    return {name: value for name, value in fields.items() if value}


def check_failure(scenario, failure, alone):
    """Check a failure against the scenario, and against the end of the call by the SDK alone."""
    name, status = scenario["name"], scenario["status"]
    assert isinstance(failure, CbcFailure) and isinstance(failure, ServiceResponseException), f"{name}: {failure!r}"
    assert meaning(failure) == {k: v for k, v in scenario["want"].items() if v}, f"{name}: {meaning(failure)}"
    assert isinstance(failure, ClientRequestException) == (400 <= status < 500), f"{name}: {type(failure)}"
    assert isinstance(failure, ServerResponseException) == (status >= 500), f"{name}: {type(failure)}"
    assert failure.body == scenario["body"].encode() and failure.error.message and failure.error.locale == "zh-CN", name
    assert (failure.status_code, failure.request_id) == (status, name), f"{name}: {failure.status_code} {failure.request_id}"
    if status >= 400 and status != 429:
        assert (failure.error_code, failure.error_msg, failure.encoded_auth_msg) == (
            alone.error_code, alone.error_msg, alone.encoded_auth_msg), name
    for same in copy.copy(failure), pickle.loads(pickle.dumps(failure)):
        assert type(same) is type(failure) and vars(same).keys() == vars(failure).keys(), name
        assert str(same) == str(failure) and same.error == failure.error and same.status_code == status, name


def check_scenarios(scenarios, client_type, channel, url):
    """Check each scenario with the adapter."""
    alone = build(client_type, url)
    adapted = build(client_type, url, response_handler(channel, locales=["zh-CN"], timeout=30))
    for scenario in scenarios:
        want, got = result(alone, scenario), result(adapted, scenario)
        if scenario["want"]["status"] == "OK" or scenario["name"] == "broken_off":  # the SDK cannot read the body
            assert described(got) == described(want), f"{scenario['name']}: {got!r}"
        else:
            check_failure(scenario, got, want)


def check_unjudged(channel):
    """Check that long successes and data end as with the SDK alone, and that the same error in other types does not."""
    error = '{"error_code":"CBC.3144","error_msg":"There is an order in progress."}'
    long = 200, {"Content-Type": "application/json"}, error + " " * (1 << 20)
    data = [(200, {"Content-Type": kind}, error) for kind in ("application/octet-stream", "text/csv; charset=utf-8", "image/svg+xml")]
    errors = [(200, {"Content-Type": kind}, error) for kind in ("application/json", "Text/HTML", "text/xml;charset=gbk", "text/plain", "json", "")]
    with serve([response for response in [long, *data] for _ in range(2)] + errors) as (url, _):
        alone, adapted = build(BssClient, url), build(BssClient, url, response_handler(channel, timeout=30))
        for _ in [long, *data]:
            assert described(result(alone, {"path": ORDERS})) == described(result(adapted, {"path": ORDERS}))
        for _, headers, _ in errors:
            assert result(adapted, {"path": ORDERS}).error.code == "CBC.3144", headers
    throttled = '{"error_code":"CBC.0250","error_msg":"throttled"}'
    with serve([(400, {"Content-Type": "application/json"}, throttled + " " * size) for size in (1, 1 << 20)]) as (url, _):
        adapted = build(BssClient, url, response_handler(channel, timeout=30))
        assert result(adapted, {"path": ORDERS}).error.retry == "BACKOFF"
        assert result(adapted, {"path": ORDERS}).error.retry == "VERIFY_FIRST"  # more may stand behind the cut
    long = json.dumps({"error_code": "CBC.0250", "error_msg": "x" * (1 << 20)})
    with serve([(400, {"Content-Type": "application/json"}, long)]) as (url, _):
        error = from_exception(result(build(BssClient, url), {"path": ORDERS}), channel, timeout=30).error
        assert (error.code, error.retry) == ("CBC.0250", "VERIFY_FIRST"), error


def check_exceptions(scenarios, channel, url):
    """Check what from_exception reads from the exceptions of the SDK alone."""
    client, read = build(BssClient, url), 0
    for scenario in scenarios:
        exception = result(client, scenario)
        failure = from_exception(exception, channel, timeout=30) if isinstance(exception, Exception) else None
        if not isinstance(exception, ServiceResponseException):
            assert failure is None, scenario["name"]
            continue
        read += 1
        assert isinstance(failure, type(exception)) and from_exception(failure, channel) is failure
        got, want = meaning(failure), dict(scenario["want"])
        lost = ["wait"] if scenario["status"] != 429 else ["wait", "code", "reason"]  # the SDK drops the response of a GET
        for name in lost:
            got.pop(name, None), want.pop(name, None)
        assert got == {k: v for k, v in want.items() if v}, f"{scenario['name']}: {got}"
    assert read == sum(s["status"] >= 400 for s in scenarios) - 1, read  # all but broken_off


class Deadlines(grpc.UnaryUnaryClientInterceptor):
    """Record the deadlines of calls, in seconds."""

    def __init__(self):
        self.seen = []

    def intercept_unary_unary(self, continuation, details, request):
        self.seen.append(details.timeout)
        return continuation(details, request)


def check_deadline(channel, url):
    """Check that a call waits for cbcerrd for at most a second, unless the program chooses another limit."""
    deadlines = Deadlines()
    watched = grpc.intercept_channel(channel, deadlines)
    refused = {"path": ORDERS + "wrong_site"}
    exception = result(build(BssClient, url), refused)
    for timeout in {}, {"timeout": 30}:
        result(build(BssClient, url, response_handler(watched, **timeout)), refused)
        from_exception(exception, watched, **timeout)
    assert deadlines.seen == [1, 1, 30, 30], deadlines.seen


def check_fallback(scenarios, client_type, address, url):
    """Check that calls end as with the SDK alone if cbcerrd does not answer."""
    channel = grpc.insecure_channel(address)
    alone = keep_throttled_responses(build(client_type, url))
    adapted = build(client_type, url, response_handler(channel))
    for scenario in scenarios:
        want = result(alone, scenario)
        got = result(adapted, scenario)
        assert described(got) == described(want), f"{scenario['name']}: {got!r}, want {want!r}"
    refused = next(s for s in scenarios if s["status"] == 403)
    assert from_exception(result(alone, refused), channel) is None
    channel.close()
    with unittest.TestCase().assertLogs("cbcerr.huaweicloud", "WARNING") as logs:
        assert described(result(adapted, refused)) == described(result(alone, refused)), "a closed channel"
    assert len(logs.output) == 1 and "closed channel" in logs.output[0], logs.output


def main(address, url):
    with open("service/test/fakecbc/scenarios.json", encoding="utf-8") as file:
        scenarios = json.load(file)
    channel = grpc.insecure_channel(address)
    for client_type in BssClient, BssAsyncClient:
        check_scenarios(scenarios, client_type, channel, url)
    check_unjudged(channel)
    check_exceptions(scenarios, channel, url)
    check_deadline(channel, url)
    silent = socket.create_server(("127.0.0.1", 0))  # accepts and never answers
    some = [s for s in scenarios if s["name"] in ("order", "partial_failure_items", "wrong_site", "throttled", "bad_gateway")]
    for client_type in BssClient, BssAsyncClient:
        check_fallback(scenarios, client_type, "127.0.0.1:1", url)
        check_fallback(some, client_type, f"127.0.0.1:{silent.getsockname()[1]}", url)
    print(f"{len(scenarios)} scenarios")


main(*sys.argv[1:])
