import assert from "node:assert/strict";
import { test } from "node:test";
import { box, assertNoProblems, visit } from "./browser.js";

/** Returns the text beside a label of the description list. */
const descriptionOf = (page, label) => page.locator("dl > div", { has: page.getByText(label, { exact: true }) }).locator("dd").textContent();

/** Passes the JSON of each response to a path through a function. */
async function changeResponses(page, path, change) {
  await page.route(path, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: change(await response.json()) });
  });
}

for (const [locale, adviceLabel, adviceText, delayLabel, siteLabel, siteText, matchText] of [
  ["en-US", "Advice withdrawn", "The response does not show that this code speaks for the whole call, so check the current state first.",
    "Upstream's Retry-After", "Try the site", "international (intl)", "special case OVERLAY"],
  ["zh-CN", "原建议不适用", "响应无法表明该错误码适用于整个调用，请先查询当前状态。", "上游 Retry-After", "可尝试的站点", "国际站（intl）", "特殊情形 OVERLAY"],
]) {
  test(`metadata is described in the user's language: ${locale}`, async (t) => {
    const page = await visit(t, "/translate", { locale });
    await changeResponses(page, "**/v1/responses:translate", (translation) => {
      Object.assign(translation.status.details[0].metadata, { certain: "false", retryAfter: "5", suggestedSite: "intl", match: "OVERLAY" });
      return translation;
    });
    await box(page).fill('{"error_code":"CBC.5003"}');
    await page.locator(".status").waitFor();
    assert.equal(await descriptionOf(page, adviceLabel), adviceText);
    assert.equal(await descriptionOf(page, delayLabel), "5 s");
    assert.equal(await descriptionOf(page, siteLabel), siteText);
    assert.equal(await descriptionOf(page, locale === "zh-CN" ? "匹配方式" : "Matched by"), matchText);
    assertNoProblems(page);
  });
}

test("without metadata about certainty and delay, neither is shown", async (t) => {
  const page = await visit(t, "/translate");
  await box(page).fill('HTTP/2 400\n\n{"error_code":"CBC.5003"}');
  await page.locator(".status").waitFor();
  assert.doesNotMatch((await page.locator(".status").textContent()) ?? "", /withdrawn|Retry-After/);
  assert.equal(await descriptionOf(page, "Matched by"), "EXACT");
  assertNoProblems(page);
});

test("a code of upstream's page has it as source", async (t) => {
  const page = await visit(t, "/codes/CBC.5003");
  await page.getByText("Source", { exact: true }).waitFor();
  assert.equal(await descriptionOf(page, "Source"), "Huawei Cloud's page of error codes");
  assertNoProblems(page);
});
