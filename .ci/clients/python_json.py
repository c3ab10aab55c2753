"""Reads and writes the JSON of a translation with the generated messages alone: no other module may register a type."""

from cbc.error.v1.translation_pb2 import Translation
from google.protobuf import json_format

DETAILS = [
    {"@type": "google.rpc.ErrorInfo", "reason": "REQUEST_THROTTLED", "domain": "cbc.huaweicloud.com", "metadata": {"code": "CBC.0250"}},
    {"@type": "cbc.error.v1.CbcError", "code": "ERROR_CODE_CBC_0250", "reason": "ERROR_REASON_REQUEST_THROTTLED", "httpStatus": 429},
    {"@type": "google.rpc.LocalizedMessage", "locale": "zh-CN", "message": "消息流量控制。"},
    {"@type": "google.rpc.RetryInfo", "retryDelay": "1s"},
    {"@type": "google.rpc.BadRequest", "fieldViolations": [{"field": "a", "description": "b"}]},
    {"@type": "google.rpc.PreconditionFailure", "violations": [{"type": "a", "subject": "b"}]},
    {"@type": "google.rpc.QuotaFailure", "violations": [{"subject": "a", "description": "b"}]},
    {"@type": "google.rpc.ResourceInfo", "resourceType": "a", "resourceName": "b"},
    {"@type": "google.rpc.RequestInfo", "requestId": "a"},
    {"@type": "google.rpc.Help", "links": [{"description": "a", "url": "https://example.com"}]},
]
for detail in DETAILS:
    detail["@type"] = "type.googleapis.com/" + detail["@type"]
whole = {"status": {"code": 8, "message": "m", "details": DETAILS}, "locale": "zh-CN"}

translation = json_format.ParseDict(whole, Translation())
written = json_format.Parse(json_format.MessageToJson(translation), Translation())
assert written == translation
assert json_format.MessageToDict(translation) == whole, json_format.MessageToDict(translation)
