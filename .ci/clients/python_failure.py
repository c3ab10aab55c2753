"""Raises translated errors and looks up codes, without the SDK of Huawei Cloud."""

import importlib.util
import pickle

from cbc.error.v1.translation_pb2 import Translation
from cbcerr import CbcError, CbcFailure, FailedItem, meaning
from google.rpc.error_details_pb2 import ErrorInfo

assert importlib.util.find_spec("huaweicloudsdkcore") is None

translation = Translation()
assert CbcFailure.from_translation(translation) is None
metadata = {"code": "CBC.5020", "retry": "VERIFY_FIRST"}
translation.status.message = "Partial failure."
translation.status.details.add().Pack(ErrorInfo(reason="PARTIAL_FAILURE", domain="cbc.huaweicloud.com", metadata=metadata))
translation.items.add(id="r1", status=translation.status)
translation.items.add(id="r2")  # not a translated error
try:
    raise CbcFailure.from_translation(translation)
except CbcFailure as failure:
    for same in failure, pickle.loads(pickle.dumps(failure)):
        assert str(same) == "CBC.5020 PARTIAL_FAILURE: Partial failure. (failed items: 2)", same
        assert same.error == same.items[0].error == CbcError.from_status(translation.status)
        assert [item.id for item in same.items] == ["r1", "r2"] and same.items[1].error is None
    generated = CbcFailure(failure.error, (FailedItem(name, None) for name in ("r1", "r2")))
    assert pickle.loads(pickle.dumps(generated)).items == generated.items == (FailedItem("r1", None), FailedItem("r2", None))

for code in 5003, "CBC.5003", "cbc.5003", "5003":
    assert meaning(code).reason == meaning(5003).reason != 0, code
for code in "CBC.0000", "0000", 10000:
    assert meaning(code) == meaning("CBC.0000") is not None, code
for code in -1, 4, "", "CBC.", "4", "CBC.12", "10000", "CBC.cbc.5003", "cbc5003", "APIGW.0308", "CBC.98765432", "５００３", "5003\n", 2**40:
    assert meaning(code) is None, code
for code in None, 5003.0, True, b"5003", object(), ["CBC.5003"]:
    try:
        meaning(code)
    except TypeError as error:
        assert type(code).__name__ in str(error), error
    else:
        raise AssertionError(f"{code!r} raises nothing")
