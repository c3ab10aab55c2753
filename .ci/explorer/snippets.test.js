import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { base, box, assertNoProblems, visit } from "./browser.js";

const root = new URL("../..", import.meta.url).pathname;
const grpc = process.env.CBCERR_GRPC ?? assert.fail("CBCERR_GRPC is not set");

/** A body with characters that need escaping in a shell or a programming language. */
const body = JSON.stringify({ error_code: "CBC.5003", error_msg: "it's \"余额\" $HOME `id` \\ %s !\n@end \u2028 %25 \u{1F600}" });
const response = `HTTP/1.1 400 Bad Request\nX-Request-Id: it's & 1?\n\n${body}`;

/** Translates the response and copies each snippet with its button. */
async function copySnippets(t) {
  const page = await visit(t, "/translate", { permissions: ["clipboard-read", "clipboard-write"] });
  await box(page).fill(response);
  await page.locator(".snippet").first().waitFor();
  const snippets = {};
  for (const snippet of await page.locator(".snippet").all()) {
    await snippet.locator("summary").click();
    await snippet.getByRole("button").click();
    await snippet.getByText("Copied").waitFor();
    snippets[(await snippet.locator("summary").textContent()) ?? ""] = await page.evaluate(() => navigator.clipboard.readText());
  }
  const result = JSON.parse((await page.locator("details.json pre").textContent()) ?? "");
  assertNoProblems(page);
  return { snippets, result };
}

const shell = (command) => JSON.parse(run("bash", ["-c", command]));
const run = (program, args) => execFileSync(program, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

test("every snippet returns the result that the page shows", async (t) => {
  const { snippets, result } = await copySnippets(t);
  const work = mkdtempSync(join(root, ".ci/explorer/node_modules/.snippet-"));
  t.after(() => rmSync(work, { recursive: true }));
  const [info] = result.status.details;
  assert.equal(info.metadata.upstreamMessage, JSON.parse(body).error_msg);

  assert.deepEqual(shell(snippets["curl"]), result);
  const cli = `go run ./cmd/cbcerr`;
  assert.deepEqual(shell(`(${snippets["cbcerr"].replace("cbcerr translate", `${cli} translate --output json`)}) 2>/dev/null || true`), result);
  const grpcurl = snippets["grpcurl"].replace("grpcurl", "go tool -modfile=.tools/grpcurl/go.mod grpcurl -emit-defaults");
  assert.deepEqual(shell(grpcurl).translation, result);

  writeFileSync(join(work, "main.mjs"), snippets["JavaScript"]);
  assert.equal(run("node", [join(work, "main.mjs")]).trim(), `${result.status.code} ${info.reason} ${info.metadata.message} 0`);
  writeFileSync(join(work, "main.py"), snippets["Python"]);
  assert.equal(run("python3", [join(work, "main.py")]).trim(), `${info.reason} ${info.metadata.retry} ${info.metadata.message}`);
  writeFileSync(join(work, "main.go"), snippets["Go"]);
  assert.equal(run("go", ["run", join(work, "main.go")]).trim(), `ERROR_CODE_CBC_5003 ERROR_REASON_${info.reason} RETRY_ADVICE_${info.metadata.retry}`);
});

test("the snippets of a code page work", async (t) => {
  const page = await visit(t, "/codes/CBC.0250");
  const [curl, cli, grpcurl] = await page.locator("pre").allTextContents();
  assert.equal(shell(curl ?? "").entry.reason, "ERROR_REASON_REQUEST_THROTTLED");
  assert.match(run("bash", ["-c", (cli ?? "").replace("cbcerr", "go run ./cmd/cbcerr")]), /REQUEST_THROTTLED/);
  const tool = "go tool -modfile=.tools/grpcurl/go.mod grpcurl";
  assert.equal(shell((grpcurl ?? "").replace("grpcurl", tool)).entry.code, "CBC.0250");
  assert.ok((curl ?? "").includes(base));
});

test("the snippets name the address of the gRPC port", async (t) => {
  const page = await visit(t, "/codes/CBC.0250");
  const [, , grpcurl] = await page.locator("pre").allTextContents();
  assert.ok((grpcurl ?? "").includes(`:${grpc.split(":").at(-1)} `), grpcurl);
});
