"""Run a recipe that retries, with servers that throttle calls: recipes.py GRPC_ADDRESS COMMAND...

The recipe is called with the address of cbcerrd and the URL of a server.
"""

import http.server
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

JSON = {"Content-Type": "application/json"}
THROTTLED = 429, JSON | {"Retry-After": "1"}, '{"error_code":"CBC.0250","error_msg":"Connection request control triggered."}'
LONG_WAIT = 400, JSON, '{"error_code":"APIGW.0308","error_msg":"over ratelimit,limit:5,time:1 hour"}'
TIMED_OUT = 500, JSON, '{"error_code":"CBC.99000050","error_msg":"timed out"}'  # it may have taken effect
ORDER = 200, JSON, '{"order_info":{"order_id":"CS1"}}'
LONG_ORDER = 200, JSON, ORDER[2] + " " * (1 << 20)  # cbcerrd refuses bodies of more than 1 MiB, and more than 64 headers
MANY_HEADERS = 429, THROTTLED[1] | {f"X-Other-{i}": "x" for i in range(65)}, THROTTLED[2]


@contextmanager
def serve(responses):
    """Answer with the responses in turn, then with the last one again. Yield the URL and the calls so far."""
    calls = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            status, headers, body = responses[min(len(calls), len(responses) - 1)]
            calls.append(self.path)
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", calls
        server.shutdown()


def check(command, grpc, responses, want_calls, want_text, want_success):
    """Run the recipe; check the number of its calls, its output and its success."""
    with serve(responses) as (url, calls):
        recipe = subprocess.run([*command, grpc, url], capture_output=True, text=True, timeout=60, check=False)
    assert len(calls) == want_calls, f"{len(calls)} calls: {recipe}"
    assert want_text in recipe.stdout + recipe.stderr and (recipe.returncode == 0) == want_success, recipe


def main(grpc, *command):
    cases = [
        (grpc, [THROTTLED, THROTTLED, ORDER], 3, "CS1", True),
        (grpc, [THROTTLED], 3, "请稍后重试", False),
        (grpc, [LONG_WAIT, ORDER], 1, "请稍后重试", False),
        (grpc, [TIMED_OUT, ORDER], 1, "CBC.99000050", False),
        (grpc, [MANY_HEADERS, LONG_ORDER], 2, "CS1", True),
        ("127.0.0.1:1", [THROTTLED, ORDER], 1, "", False),
        ("127.0.0.1:1", [ORDER], 1, "CS1", True),
    ]
    with ThreadPoolExecutor() as pool:
        for result in [pool.submit(check, command, *case) for case in cases]:
            result.result()


if __name__ == "__main__":
    main(*sys.argv[1:])
