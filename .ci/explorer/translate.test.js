import assert from "node:assert/strict";
import { test } from "node:test";
import { base, box, enterStatus, assertNoProblems, visit } from "./browser.js";

test("a success is shown as success", async (t) => {
  const page = await visit(t, "/translate");
  await box(page).fill('HTTP/2 200\n\n{"orders":[]}');
  await page.locator(".success").waitFor();
  assertNoProblems(page);
});

test("the HTTP status comes from the status line unless it is entered", async (t) => {
  const page = await visit(t, "/translate");
  await box(page).fill("HTTP/1.1 100 Continue\n\nHTTP/1.1 502 Bad Gateway\n\n<html>");
  await page.getByText("UNAVAILABLE (14)").waitFor();
  await enterStatus(page, "429");
  await page.getByText("RESOURCE_EXHAUSTED (8)").waitFor();
  assertNoProblems(page);
});

test("an error of the service is shown", async (t) => {
  const page = await visit(t, "/translate");
  await box(page).fill("{}");
  await enterStatus(page, "99");
  await page.getByRole("alert").waitFor();
  assert.match((await page.getByRole("alert").textContent()) ?? "", /100 to 599/);
  assertNoProblems(page, "400");
});

test("an unreachable server is shown", async (t) => {
  const page = await visit(t, "/translate");
  await page.context().setOffline(true);
  await box(page).fill("{}");
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
  const field = box(page);
  await field.fill('{"error_code":"CBC.5003"}');
  await page.waitForTimeout(500);
  await field.fill('{"error_code":"CBC.0250"}');
  await page.locator(".headline", { hasText: "REQUEST_THROTTLED" }).waitFor();
  await page.waitForTimeout(1500);
  assert.equal(await page.locator(".headline").textContent(), "CBC.0250 REQUEST_THROTTLED");
  assert.equal(requests, 2);
  assertNoProblems(page);
});

test("empty input sends no request, and a link of another code page replaces the input", async (t) => {
  const page = await visit(t, "/codes/CBC.5003");
  const requests = [];
  page.on("request", (request) => request.method() === "POST" && requests.push(new URL(request.url()).pathname));
  await page.getByRole("link", { name: /Try it/ }).click();
  await page.locator(".headline", { hasText: "BALANCE_INSUFFICIENT" }).waitFor();
  await page.getByRole("button", { name: "Clear" }).click();
  await page.locator(".tools > details > summary").click();
  await page.getByLabel("Site").selectOption("cn");
  await page.waitForTimeout(600);
  await page.locator(".examples").waitFor();
  assert.deepEqual(requests.sort(), ["/explorer/explain", "/v1/responses:translate"]);
  await page.goto(`${base}/codes/CBC.0250`);
  await page.getByRole("link", { name: /Try it/ }).click();
  await page.locator(".headline", { hasText: "REQUEST_THROTTLED" }).waitFor();
  assert.match((await page.locator("[role=status].visually-hidden").textContent()) ?? "", /Retry CBC\.0250 REQUEST_THROTTLED/);
  assertNoProblems(page);
});

test("pasted HTML is shown as text", async (t) => {
  const page = await visit(t, "/translate");
  const html = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
  await box(page).fill(JSON.stringify({ error_code: "CBC.0100", error_msg: html }));
  await page.locator(".status").waitFor();
  assert.match((await page.locator(".status").textContent()) ?? "", /<img src=x/);
  assert.equal(await page.locator("main img, main script").count(), 0);
  assert.doesNotMatch(await page.title(), /owned/);
  assertNoProblems(page);
});

test("the input survives a change of language and of page", async (t) => {
  const page = await visit(t, "/translate");
  await box(page).fill('{"error_code":"CBC.5003"}');
  await page.locator(".headline").waitFor();
  await page.getByLabel("Language").selectOption("zh-CN");
  await page.locator("p.text", { hasText: "余额不足。" }).waitFor();
  await page.getByRole("link", { name: "CBC.5003" }).click();
  await page.getByRole("heading", { level: 1, name: "CBC.5003" }).waitFor();
  await page.goBack();
  assert.equal(await box(page).inputValue(), '{"error_code":"CBC.5003"}');
  await page.locator(".headline").waitFor();
  assertNoProblems(page);
});

test("the server reads the whole paste, and the explanation is that of the command line", async (t) => {
  const page = await visit(t, "/");
  const sent = page.waitForRequest("**/v1/responses:translate");
  const text = "< HTTP/2 429\n< set-cookie: secret=1\n< retry-after: 5\n<\n{}";
  await box(page).fill(text);
  assert.deepEqual((await sent).postDataJSON(), { response: { text }, locales: ["en"] });
  await page.locator(".explanation summary").click();
  const read = (await page.locator(".explanation").textContent()) ?? "";
  assert.match(read, /HTTP status429 \(from the copy of the response\)Header readRetry-After: 5Body/);
  assert.doesNotMatch(read, /secret/);
  assertNoProblems(page);
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
