"""Runs each curl of the README that is followed by an answer against a daemon, and compares the two."""

import json
import re
import subprocess
import sys

text = open("README.md", encoding="utf-8").read()
pairs = re.findall(r"```sh\n(curl.*?)```\n+```json\n(.*?)```", text, re.S)
server = sys.argv[1]
for command, printed in pairs:
    got = json.loads(subprocess.check_output(["bash", "-c", command.replace("http://localhost:8080", server)]))
    if got != json.loads(printed):
        sys.exit(f"README: the answer is not the one printed:\n{json.dumps(got, ensure_ascii=False, indent=2)}")
if len(pairs) < 2:
    sys.exit("README: the answers are gone")
print(f"README: {len(pairs)} curls answer as printed")
