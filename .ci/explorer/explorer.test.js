import assert from "node:assert/strict";
import { test } from "node:test";
import { base, box, partialFailure, assertNoProblems, visit } from "./browser.js";

/** Waits for a heading. */
const waitForHeading = (page, heading) => page.getByRole("heading", { level: 1, name: heading, exact: true }).waitFor();

test("search, code page, language change, and translation of a partial failure", async (t) => {
  const page = await visit(t, "/");
  await box(page).fill("余额");
  assert.match(await page.evaluate(() => location.href), /\?q=/);
  await page.locator("p.count", { hasText: /^3 codes$/ }).waitFor();
  await page.getByRole("link", { name: /CBC\.5003/ }).click();
  await waitForHeading(page, "CBC.5003");
  assert.equal(await page.locator("p.text").textContent(), "Insufficient balance.");
  assert.equal(await page.evaluate(() => location.href), `${base}/codes/CBC.5003`);

  await page.getByLabel("Language").selectOption("zh-CN");
  assert.equal(await page.locator("p.text").textContent(), "余额不足。");
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");

  await page.getByRole("link", { name: "解析", exact: true }).click();
  await box(page).fill(partialFailure);
  const rows = page.locator("tbody tr");
  await rows.first().waitFor();
  assert.equal(await rows.count(), 2);
  assert.match((await rows.nth(0).textContent()) ?? "", /order-1CBC\.5003余额不足。/);
  assert.match((await rows.nth(1).textContent()) ?? "", /order-2CBC\.0250/);
  assert.equal(await page.locator(".headline").textContent(), "PARTIAL_FAILURE");
  assertNoProblems(page);
});

test("filters narrow the list of codes, and the URL keeps them", async (t) => {
  const page = await visit(t, "/codes?retry=BACKOFF&status=ABORTED");
  const linked = await page.locator(".results li").count();
  assert.ok(linked > 1);
  for (const tags of await page.locator(".tags").allTextContents()) assert.match(tags, / ABORTED/);
  for (const badge of await page.locator(".results .badge").allTextContents()) assert.equal(badge, "Retry");
  await page.getByLabel("Outcome").selectOption("UNKNOWN");
  assert.ok((await page.locator(".results li").count()) < linked);
  assert.match(await page.evaluate(() => location.href), /outcome=UNKNOWN/);
  await page.getByRole("link", { name: "Reasons", exact: true }).click();
  await waitForHeading(page, "Reasons");
  const reasons = await page.locator(".results li").count();
  await page.getByLabel("What to do").selectOption("VERIFY_FIRST");
  const careful = await page.locator(".results .badge").allTextContents();
  assert.ok(careful.length > 0 && careful.length < reasons && careful.every((word) => word === "Check first"), String(careful));
  assertNoProblems(page);
});

test("URLs of codes accept every spelling and link to reasons", async (t) => {
  for (const path of ["/codes/CBC.5003", "/codes/cbc.5003", "/codes/5003"]) {
    const page = await visit(t, path);
    await waitForHeading(page, "CBC.5003");
    assert.match(await page.title(), /^CBC\.5003 · Insufficient balance\. · cbcerr$/);
    await page.getByRole("link", { name: "BALANCE_INSUFFICIENT" }).click();
    await waitForHeading(page, "BALANCE_INSUFFICIENT");
    await page.getByRole("link", { name: /CBC\.99005003/ }).click();
    await waitForHeading(page, "CBC.99005003");
    assertNoProblems(page);
  }
  const page = await visit(t, "/reasons/FOREIGN_CODE"); // no code of the table has it
  assert.match((await page.locator("main").textContent()) ?? "", /another Huawei Cloud system/i);
});

test("codes, reasons and translations say what to do, in the page's language", async (t) => {
  for (const [path, language, advice] of [
    ["/codes/CBC.5003", "en", "Top up the account, then repeat the call. FIX_STATE"],
    ["/codes/CBC.5003", "zh-CN", "请为账户充值后重试。 FIX_STATE"],
    ["/codes/CBC.0000", "zh-CN", "无需处理：调用成功。"],
    ["/reasons/BALANCE_INSUFFICIENT", "zh-CN", "请为账户充值后重试。 FIX_STATE"],
    ["/reasons/FOREIGN_CODE", "zh-CN", "请在所属系统的文档中查询该错误码，并按返回的处理建议操作。"],
  ]) {
    const page = await visit(t, path);
    await page.locator("#language").selectOption(language);
    assert.equal(await page.locator(".advice").first().textContent(), advice, `${path} ${language}`);
    assertNoProblems(page);
  }
  const page = await visit(t, "/translate");
  await box(page).fill(partialFailure);
  await page.locator("tbody tr").first().waitFor();
  assert.match((await page.locator(".advice").first().textContent()) ?? "", /^Check every failed item .* VERIFY_FIRST$/);
  assert.match((await page.locator("tbody tr").first().textContent()) ?? "", /Top up the account, then repeat the call\.$/);
});

test("a code page lists other meanings", async (t) => {
  const page = await visit(t, "/codes/CBC.0150");
  assert.match((await page.locator("dl").textContent()) ?? "", /if the message contains “does not belong to the website”: CBC\.0156/);
  await page.goto(`${base}/codes/CBC.99006006`);
  await page.getByText("if the message contains another code").waitFor();
  assertNoProblems(page);
});

test("a code page names its source and marks translated texts", async (t) => {
  const page = await visit(t, "/codes/CBC.30060005");
  assert.equal(await page.locator("p.text").textContent(), "Frozen CbcDeposit Failed!");
  assert.equal(await page.locator("p.other").textContent(), "冻结保证金失败。 (Translation by this project)");
  const rows = (await page.locator("dl").textContent()) ?? "";
  assert.match(rows, /not documented/);
  assert.match(rows, /Sourcelive responses \(NAT CreateNatGateway\)/);
  assertNoProblems(page);
});

test("a gateway code has all meanings under both prefixes", async (t) => {
  for (const path of ["/codes/APIGW.0201", "/codes/apig.0201"]) {
    const page = await visit(t, path);
    await waitForHeading(page, "APIGW.0201");
    assert.deepEqual(await page.locator("h2").allTextContents(),
      ["HTTP 400", "HTTP 413", "HTTP 414", "HTTP 494", "HTTP 500", "HTTP 502", "HTTP 504", "Use in programs"]);
    assert.match((await page.locator(".status").nth(1).textContent()) ?? "", /REQUEST_TOO_LARGE.*Serviceapigateway/);
    assertNoProblems(page);
  }
  const page = await visit(t, "/codes?status=DEADLINE_EXCEEDED");
  const row = page.locator(".results li", { hasText: "APIGW.0201" });
  assert.match((await row.locator(".tags").textContent()) ?? "", / DEADLINE_EXCEEDED HTTP 504 devg-apisign\/api-sign-errorcode, usermanual-apig$/);
  assertNoProblems(page);
});

test("unknown codes and reasons return 404 and a page", async (t) => {
  for (const [path, heading] of [["/codes/CBC.0001", "This code is not in the catalogue"], ["/reasons/NO_SUCH", "Unknown reason"], ["/nothing/here", "This page does not exist"]]) {
    assert.equal((await fetch(base + path, { headers: { Accept: "text/html" } })).status, 404);
    const page = await visit(t, path);
    await waitForHeading(page, heading);
    assertNoProblems(page, "404");
  }
});

test("back and forward restore pages", async (t) => {
  const page = await visit(t, "/?q=5003");
  await page.getByRole("link", { name: /CBC\.5003/ }).first().click();
  await page.goBack();
  await waitForHeading(page, "What does this error mean?");
  assert.equal(await box(page).inputValue(), "5003");
  await page.goForward();
  await waitForHeading(page, "CBC.5003");
  assertNoProblems(page);
});

test("a code page links to a translation, in the browser's language", async (t) => {
  const page = await visit(t, "/codes/CBC.0250", { locale: "zh-TW" });
  await page.getByRole("link", { name: /试一试/ }).click();
  await page.locator(".headline").waitFor();
  assert.equal(await page.locator(".headline").textContent(), "CBC.0250 REQUEST_THROTTLED");
  assert.equal(await page.locator("#result p.text").textContent(), "消息流量控制。");
  assertNoProblems(page);
});

test("the language setting is stored", async (t) => {
  const page = await visit(t, "/");
  await page.getByLabel("Language").selectOption("zh-CN");
  await page.reload();
  await page.waitForSelector("h1");
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
});

test("all pages work with the keyboard", async (t) => {
  const page = await visit(t, "/");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "box");
  await page.keyboard.type("余额");
  await page.locator(".results").waitFor();
  for (let i = 0; i < 4; i++) await page.keyboard.press("Tab"); // a file, clear, the options and the first result
  await page.keyboard.press("Enter");
  await waitForHeading(page, "CBC.5003");
  await page.goBack();
  await box(page).fill("cbc.5003");
  await box(page).press("Enter");
  await waitForHeading(page, "CBC.5003");
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), "H1"); // a screen reader continues here
  assertNoProblems(page);
});
