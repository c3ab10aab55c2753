import assert from "node:assert/strict";
import { test } from "node:test";
import { execFileSync } from "node:child_process";
import { base, assertNoProblems, visit } from "./browser.js";

const root = new URL("../..", import.meta.url).pathname;

test("a success is shown as success", async (t) => {
  const page = await visit(t, "/translate");
  await page.getByLabel("Response", { exact: true }).fill('{"orders":[]}');
  await page.locator(".success").waitFor();
  assert.match((await page.locator("form").textContent()) ?? "", /no status line: this value is assumed/);
  assertNoProblems(page);
});

test("the HTTP status comes from the status line unless it is entered", async (t) => {
  const page = await visit(t, "/translate");
  await page.getByLabel("Response", { exact: true }).fill("HTTP/1.1 100 Continue\n\nHTTP/1.1 502 Bad Gateway\n\n<html>");
  await page.getByText("UNAVAILABLE (14)").waitFor();
  await page.getByLabel("HTTP status").fill("429");
  await page.getByText("RESOURCE_EXHAUSTED (8)").waitFor();
  assertNoProblems(page);
});

test("an error of the service is shown", async (t) => {
  const page = await visit(t, "/translate");
  await page.getByLabel("Response", { exact: true }).fill("{}");
  await page.getByLabel("HTTP status").fill("99");
  await page.getByRole("alert").waitFor();
  assert.match((await page.getByRole("alert").textContent()) ?? "", /100 to 599/);
  assertNoProblems(page, "400");
});

test("an unreachable server is shown", async (t) => {
  const page = await visit(t, "/translate");
  await page.context().setOffline(true);
  await page.getByLabel("Response", { exact: true }).fill("{}");
  await page.getByRole("alert").waitFor();
  assert.match((await page.getByRole("alert").textContent()) ?? "", /cannot be reached/);
  assertNoProblems(page, "ERR_INTERNET_DISCONNECTED");
});

test("a late response never replaces a newer one", async (t) => {
  const page = await visit(t, "/translate");
  let requests = 0;
  await page.route("**/v1/responses:translate", async (route) => {
    if (++requests === 1) await new Promise((resolve) => setTimeout(resolve, 1500)); // the first response is slow
    await route.continue().catch(() => {}); // the page has cancelled it
  });
  const field = page.getByLabel("Response", { exact: true });
  await field.fill('{"error_code":"CBC.5003"}');
  await page.waitForTimeout(500);
  await field.fill('{"error_code":"CBC.0250"}');
  await page.getByText("REQUEST_THROTTLED", { exact: true }).waitFor();
  await page.waitForTimeout(1500);
  assert.equal(await page.locator(".headline").textContent(), "CBC.0250 REQUEST_THROTTLED");
  assert.equal(requests, 2);
  assertNoProblems(page);
});

test("empty input sends no request, and a link of another code page replaces the input", async (t) => {
  const page = await visit(t, "/codes/CBC.5003");
  const requests = [];
  page.on("request", (request) => request.method() === "POST" && requests.push(request.url()));
  await page.getByRole("link", { name: /Try it/ }).click();
  await page.getByText("BALANCE_INSUFFICIENT", { exact: true }).waitFor();
  await page.getByLabel("Response", { exact: true }).fill("");
  await page.getByLabel("Site").selectOption("cn");
  await page.waitForTimeout(600);
  assert.equal(await page.locator("#result").textContent(), "Paste a response to see what it means.");
  assert.equal(requests.length, 1);
  await page.goto(`${base}/codes/CBC.0250`);
  await page.getByRole("link", { name: /Try it/ }).click();
  await page.getByText("REQUEST_THROTTLED", { exact: true }).waitFor();
  assert.match((await page.locator("[role=status].visually-hidden").textContent()) ?? "", /CBC\.0250 REQUEST_THROTTLED/);
  assertNoProblems(page);
});

test("the page parses transcripts as the command line does", async (t) => {
  const page = await visit(t, "/translate");
  const parse = (text) => page.evaluate(async (text) => (await import(document.baseURI + "explorer/transcript.js")).parseTranscript(text), text);
  for (const text of [
    "{}", "HTTP/2 429 \r\nretry-after: 5\r\n\r\n{}", "\ufeff\n HTTP/3 400\n\n{\n\n}\n", "HTTP/1.1 429 X\nX-Long: 1\n y\n\tz: 2\nRetry-After: 5\n\nb",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\r\nRetry-After: 1\r\n\r\nHTTP/1.1 503 Oh\r\nretry-after: 7\r\n\r\n<html>", "HTTP/2 503", "HTTP/1.1 999\n\n{}", "HTTP/1.1 400 Bad\n{}",
  ]) {
    const transcript = await parse(text);
    const explained = execFileSync("go", ["run", "./cmd/cbcerr", "explain", "-o", "json", "-"], { cwd: root, input: text, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] });
    const { httpStatus, message } = JSON.parse(explained);
    assert.equal(transcript.httpStatus || 200, httpStatus, text);
    if (message) assert.equal(transcript.body.trim(), message, text);
    if (text.includes("etry-")) assert.match(transcript.headers["retry-after"], /^[57]$/);
  }
});

test("pasted HTML is shown as text", async (t) => {
  const page = await visit(t, "/translate");
  const html = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
  await page.getByLabel("Response", { exact: true }).fill(JSON.stringify({ error_code: "CBC.0100", error_msg: html }));
  await page.locator(".status").waitFor();
  assert.match((await page.locator(".status").textContent()) ?? "", /<img src=x/);
  assert.equal(await page.locator("main img, main script").count(), 0);
  assert.doesNotMatch(await page.title(), /owned/);
  assertNoProblems(page);
});

test("the input survives a change of language and of page", async (t) => {
  const page = await visit(t, "/translate");
  await page.getByLabel("Response", { exact: true }).fill('{"error_code":"CBC.5003"}');
  await page.locator(".headline").waitFor();
  await page.getByLabel("Language").selectOption("zh-CN");
  await page.getByText("余额不足。", { exact: true }).waitFor();
  await page.getByRole("link", { name: "CBC.5003" }).click();
  await page.goBack();
  assert.equal(await page.locator("#response").inputValue(), '{"error_code":"CBC.5003"}');
  await page.locator(".headline").waitFor();
  assertNoProblems(page);
});

test("headers that the service does not read are not sent", async (t) => {
  const page = await visit(t, "/translate");
  const sent = page.waitForRequest("**/v1/responses:translate");
  await page.getByLabel("Response", { exact: true }).fill("HTTP/2 429\nset-cookie: secret=1\ncontent-type: text/plain;charset=GBK\nretry-after: 5\nX-Request-Id: q\n\n{}");
  assert.deepEqual((await sent).postDataJSON().response.headers, { "content-type": "text/plain", "retry-after": "5", "x-request-id": "q" });
});

test("copying works without HTTPS", async (t) => {
  const page = await visit(t, "/codes/CBC.5003");
  await page.evaluate(() => {
    Object.defineProperty(navigator, "clipboard", { value: undefined });
    document.addEventListener("copy", () => { document.title = String(document.activeElement?.value); });
  });
  await page.getByRole("button", { name: "Copy: cbcerr" }).click();
  await page.getByText("Copied").waitFor();
  assert.equal(await page.title(), "cbcerr code CBC.5003");
  assertNoProblems(page);
});
