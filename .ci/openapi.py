"""Holds every example of an OpenAPI document to the schema that stands beside it."""

import json
import sys

from openapi_schema_validator import OAS31Validator

document = json.load(open(sys.argv[1], encoding="utf-8"))
seen = wrong = 0


def check(schema, value, where):
    global seen, wrong
    seen += 1
    # References begin at the root, so the components stand there.
    for error in OAS31Validator({**schema, "components": document["components"]}).iter_errors(value):
        wrong += 1
        print(f"{where}: {error.json_path}: {error.message[:400]}")


def visit(value, where):
    if isinstance(value, list):
        for i, inner in enumerate(value):
            visit(inner, f"{where}/{i}")
    if not isinstance(value, dict):
        return
    if isinstance(value.get("schema"), dict):
        for name, example in value.get("examples", {}).items():
            check(value["schema"], example["value"], f"{where} {name}")
        if "example" in value:
            check(value["schema"], value["example"], where)
    for key, inner in value.items():
        if key not in ("example", "examples"):
            visit(inner, f"{where}/{key}")


visit(document, "")
if wrong or not seen:
    sys.exit(f"examples: {seen} seen, {wrong} faults")
print(f"examples: {seen} fit their schemas")
