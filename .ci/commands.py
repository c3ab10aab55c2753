"""Runs the commands of documents: commands.py BIN DOCUMENT...

BIN has cbcerr, cbcerrd and grpcurl. A command is a line of a block `sh`, or a line of a block `console` that begins with "$ ".
Each one runs in a copy of the repository, with a cbcerrd on the ports that the documents name, unless commands.tsv says
that CI runs it elsewhere, or why it cannot run. A command that fails is an error, and so is a row of commands.tsv that no
command matches. The comment "exits with N" states an exit status. The lines behind a command in a block `console` are its
output. A block `json` behind a block `sh` is the output of its last command; an ellipsis stands for what it leaves out.

The package byexample was tried: it requires that a document shows the output of every command.
"""

import csv
import fnmatch
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading

TABLE = ".ci/commands.tsv"
TIMEOUT = "120"  # seconds
BLOCK = re.compile(r"^```(sh|console|http|json)\n(.*?)^```$", re.M | re.S)
SERVING = re.compile(r"msg=(serving|proxying) ")
PORTS = {"localhost:9090": "grpc", "localhost:8080": "rest", "localhost:9091": "admin"}
ANY_PORTS = {f"CBCERR_{port}_ADDR": "127.0.0.1:0" for port in ("GRPC", "HTTP", "ADMIN")}
ENVIRONMENT = os.environ | {"LC_ALL": "C.UTF-8"}


def complete(lines):
    """Reports whether lines are one command of bash."""
    parsed = subprocess.run(["bash", "-n", "-c", "\n".join(lines)], capture_output=True, text=True)
    return not lines[-1].endswith("\\") and not parsed.stderr


def commands(language, block):
    """Yields each command of a block with the lines behind it, which are its output."""
    lines, prompt = block.splitlines(), "$ " if language == "console" else ""
    while lines:
        line, output = lines.pop(0), []
        if not line.startswith(prompt) or not line.strip() or line.startswith("#"):
            continue
        command = [line.removeprefix(prompt)]
        while lines and not complete(command):
            command.append(lines.pop(0).removeprefix("> " if prompt else ""))
        while prompt and lines and not lines[0].startswith(prompt):
            output.append(lines.pop(0))
        yield "\n".join(command), "\n".join(output).strip()


def parse(excerpt):
    """Returns a JSON document in which the key or element "…" stands for what was left out."""
    return json.loads(re.sub(r"…(\s*\])", r'"…"\1', re.sub(r"…(\s*\})", r'"…":0\1', excerpt)))


def equal(want, got):
    """Reports whether got is want, and has more only where want has an ellipsis."""
    if isinstance(want, dict) and isinstance(got, dict):
        named = want.keys() - {"…"}
        return ("…" in want or named == got.keys()) and all(key in got and equal(want[key], got[key]) for key in named)
    if isinstance(want, list) and isinstance(got, list):
        if want[-1:] != ["…"]:
            return len(want) == len(got) and all(map(equal, want, got))
        rest = iter(got)  # the elements in their order, with others between them
        return all(any(equal(element, other) for other in rest) for element in want[:-1])
    return want == got


class Server:
    """A process that serves. Its addresses are those of its log."""

    def __init__(self, command, directory):
        self.process = subprocess.Popen(
            command, cwd=directory, env=ENVIRONMENT | ANY_PORTS, stderr=subprocess.PIPE, text=True, start_new_session=True)
        timeout = threading.Timer(int(TIMEOUT), self.kill)
        timeout.start()
        log = ""
        for line in self.process.stderr:
            log += line
            if SERVING.search(line):
                break
        timeout.cancel()
        self.addresses = dict(re.findall(r"(\w+)=(?:http://)?([\d.]+:\d+)", log))
        if not SERVING.search(log):
            raise AssertionError(f"does not serve:\n{log}")
        threading.Thread(target=self.process.stderr.read, daemon=True).start()  # a full pipe would block the process

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()


def run(command, directory, addresses):
    """Runs a command, requires its exit status and returns its output."""
    stated = re.search(r"#.*\bexits with (\d+)", command)
    for named, port in PORTS.items():
        command = command.replace(named, addresses[port])
    bash = ["timeout", "--kill-after=10", TIMEOUT, "bash", "-eo", "pipefail", "-c", command]  # it stops what bash started, too
    done = subprocess.run(bash, cwd=directory, env=ENVIRONMENT, capture_output=True, text=True)
    if done.returncode == 124:
        raise AssertionError(f"runs longer than {TIMEOUT} s; if it serves, add a row to {TABLE}:\n{done.stdout}{done.stderr}")
    if done.returncode != (int(stated[1]) if stated else 0):
        raise AssertionError(f"exits with {done.returncode}; if it cannot run here, add a row to {TABLE}:\n{done.stdout}{done.stderr}")
    return done.stdout


def check(command, output, excerpt, directory, addresses):
    """Runs a command and compares its output."""
    got = run(command, directory, addresses)
    if output and got.strip() != output:
        raise AssertionError(f"another output:\n{got}")
    if not excerpt and re.search(r'"domain": *"cbcerr"', got):
        raise AssertionError(f"an error of cbcerr itself:\n{got}")
    if excerpt and not equal(parse(excerpt), json.loads(got)):
        raise AssertionError(f"another output:\n{json.dumps(json.loads(got), ensure_ascii=False, indent=1)}")


def examples(document):
    """Yields the command, the output and the JSON document of each example."""
    text = open(document, encoding="utf-8").read()
    blocks = list(BLOCK.finditer(text))
    for block, following in zip(blocks, blocks[1:] + [None]):
        language, content = block.groups()
        between = following and text[block.end():following.start()]
        excerpt = following[2] if following and following[1] == "json" else ""
        if language == "http" and '"details"' in excerpt:  # a response and its status
            yield f"cbcerr translate --locale zh-CN --output json <<'END' # exits with 1\n{content}END", "", f'{{"status": {excerpt}, …}}'
        if language in ("sh", "console"):
            found = list(commands(language, content))
            yield from ((command, output, "") for command, output in found[:-1])
            yield from ((command, output, "" if between is None or between.strip() else excerpt) for command, output in found[-1:])


def rows():
    """Returns the rows of the table."""
    with open(TABLE, encoding="utf-8") as table:
        return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def row_of(table, document, command):
    """Returns the first row that matches a command, which it marks as used; an empty one if none does."""
    for row in table:
        if fnmatch.fnmatchcase(document, row["document"]) and fnmatch.fnmatchcase(command, row["command"]):
            row["used"] = True
            return row
    return {"how": "run"}


def copy_of_repository(directory):
    files = subprocess.check_output(["git", "ls-files", "-z"], text=True).split("\0")[:-1]
    subprocess.run(["cp", "--parents", "-dt", directory, *files], check=True)


def check_document(document, table, addresses):
    """Checks all commands of a document and returns how many of them were treated in which way, and how many failed."""
    counts = {"run": 0, "serve": 0, "elsewhere": 0, "skip": 0, "failed": 0}
    with tempfile.TemporaryDirectory() as directory:
        copy_of_repository(directory)
        for command, output, excerpt in examples(document):
            row = row_of(table, document, command)
            counts[row["how"]] += 1
            try:
                if row["how"] == "run":
                    check(command, output, excerpt, directory, addresses)
                if row["how"] == "serve":
                    Server(["bash", "-c", command], directory).stop()
            except (AssertionError, ValueError) as failure:
                print(f"{document}: {command}\n{failure}\n")
                counts["failed"] += 1
    return counts


def main(binaries, *documents):
    ENVIRONMENT["PATH"] = f"{os.path.abspath(binaries)}:{ENVIRONMENT['PATH']}"
    table = rows()
    for row in table:
        if row["how"] == "elsewhere" and not os.path.exists(row["reason"].split()[0]):
            sys.exit(f"{TABLE}: {row['reason'].split()[0]} does not exist")
    failed, server = 0, Server(["cbcerrd"], ".")
    try:
        for document in documents:
            counts = check_document(document, table, server.addresses)
            if any(counts.values()):
                print(document, *(f"{how}: {count}" for how, count in counts.items()))
            failed += counts["failed"]
    finally:
        server.stop()
    unused = [f"{row['document']} {row['command']}" for row in table if not row.get("used")]
    if unused or failed:
        sys.exit(f"{failed} commands failed; rows of {TABLE} that no command matches: {unused}")


signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server is stopped too
main(*sys.argv[1:])
