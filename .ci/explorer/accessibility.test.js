import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { box, partialFailure, assertNoProblems, visit } from "./browser.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const screenshots = process.env.SCREENSHOTS; // a directory for screenshots, optional
if (screenshots) mkdirSync(screenshots, { recursive: true });

const pages = {
  start: "/", words: "/?q=%E4%BD%99", named: "/?q=5003", codes: "/codes?retry=BACKOFF", reasons: "/reasons", code: "/codes/CBC.99003651",
  reason: "/reasons/BALANCE_INSUFFICIENT", unknown: "/codes/CBC.1", nothing: "/nothing", prose: "/?q=nothing+like+that", translate: "/translate",
};

/** What a page shows when it is complete, if it loads more than its heading. */
const loaded = { words: ".results", named: ".status", prose: ".no-response" };

for (const colorScheme of ["light", "dark"]) {
  for (const locale of ["en-US", "zh-CN"]) {
    for (const width of [1200, 320]) {
      test(`no page has accessibility violations: ${colorScheme}, ${locale}, ${width} pixels`, async (t) => {
        for (const [name, path] of Object.entries(pages)) {
          const page = await visit(t, path, { colorScheme, locale, viewport: { width, height: 800 }, reducedMotion: "reduce" });
          if (name === "translate") await translateResponse(page);
          if (loaded[name]) await page.locator(loaded[name]).first().waitFor();
          if (screenshots) await page.screenshot({ path: `${screenshots}/${name}-${colorScheme}-${locale}-${width}.png`, fullPage: true });
          assert.deepEqual(await violations(page), [], name);
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${name} scrolls sideways`);
          assertNoProblems(page, "404");
        }
      });
    }
  }
}

/** Translates a response with failed items and opens all snippets. */
async function translateResponse(page) {
  await box(page).fill(partialFailure);
  await page.locator("table").waitFor();
  for (const summary of await page.locator("summary").all()) await summary.click();
}

test("on a phone every control is at least 44 pixels high, and nothing is cut", async (t) => {
  for (const [name, path] of Object.entries(pages)) {
    const page = await visit(t, path, { viewport: { width: 390, height: 844 } });
    if (name === "translate") await translateResponse(page);
    if (loaded[name]) await page.locator(loaded[name]).first().waitFor();
    const small = await page.locator("button, summary, select, input:not([hidden]), textarea, nav a, .results a, .headline a").evaluateAll((controls) =>
      controls.filter((c) => c.checkVisibility() && c.getBoundingClientRect().height < 43.9).map((c) => c.outerHTML));
    assert.deepEqual(small, [], name);
    const cut = await page.locator("main :not(pre, pre *, .scroll *, .visually-hidden, textarea)").evaluateAll((elements) =>
      elements.filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 0.5).map((e) => e.outerHTML));
    assert.deepEqual(cut, [], name);
  }
});

/** Returns the violations of all axe rules, including best practices. */
async function violations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
}

test("the focus is visible on every focusable element", async (t) => {
  const page = await visit(t, "/codes/CBC.5003");
  const outlined = [];
  for (let i = 0; i < 14; i++) {
    await page.keyboard.press("Tab");
    outlined.push(await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement ?? document.body);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    }));
  }
  assert.ok(outlined.every(Boolean), String(outlined));
});
