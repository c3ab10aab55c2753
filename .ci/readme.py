"""Run each curl command of the README against a server and compare the response with the one in the README."""

import json
import re
import subprocess
import sys

text = open("README.md", encoding="utf-8").read()
examples = re.findall(r"```sh\n(curl.*?)```\n+```json\n(.*?)```", text, re.S)
server = sys.argv[1]
for command, want in examples:
    got = json.loads(subprocess.check_output(["bash", "-c", command.replace("http://localhost:8080", server)]))
    if got != json.loads(want):
        sys.exit(f"README: another response:\n{json.dumps(got, ensure_ascii=False, indent=2)}")
if len(examples) < 2:
    sys.exit("README: found no examples")
print(f"README: {len(examples)} curl examples are correct")
