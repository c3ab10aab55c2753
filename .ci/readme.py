"""Runs the curl of the README's first screen against a daemon and compares the answer with the one printed below it."""

import json
import re
import subprocess
import sys

blocks = re.findall(r"```(\w+)\n(.*?)```", open("README.md", encoding="utf-8").read(), re.S)
command = next(text for kind, text in blocks if kind == "sh" and text.startswith("curl"))
want = json.loads(next(text for kind, text in blocks if kind == "json"))
server = sys.argv[1]
got = json.loads(subprocess.check_output(["bash", "-c", command.replace("http://localhost:8080", server)]))
if got != want:
    sys.exit(f"README: the answer is not the one printed:\n{json.dumps(got, ensure_ascii=False, indent=2)}")
print("README: the curl answers as printed")
