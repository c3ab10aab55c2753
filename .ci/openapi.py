"""Validate every example of an OpenAPI document against its schema."""

import json
import sys

from openapi_schema_validator import OAS31Validator

document = json.load(open(sys.argv[1], encoding="utf-8"))
examples = errors = 0


def check(schema, value, path):
    """Print the errors of one example."""
    global examples, errors
    examples += 1
    # References are relative to the root, so the schema needs the components there.
    for error in OAS31Validator({**schema, "components": document["components"]}).iter_errors(value):
        errors += 1
        print(f"{path}: {error.json_path}: {error.message[:400]}")


def visit(value, path):
    """Check all examples below a value."""
    if isinstance(value, list):
        for i, inner in enumerate(value):
            visit(inner, f"{path}/{i}")
    if not isinstance(value, dict):
        return
    if isinstance(value.get("schema"), dict):
        for name, example in value.get("examples", {}).items():
            check(value["schema"], example["value"], f"{path} {name}")
        if "example" in value:
            check(value["schema"], value["example"], path)
    for key, inner in value.items():
        if key not in ("example", "examples"):
            visit(inner, f"{path}/{key}")


visit(document, "")
if errors or not examples:
    sys.exit(f"examples: {examples} checked, {errors} errors")
print(f"examples: {examples} are valid")
