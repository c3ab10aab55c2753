import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { partialFailure, assertNoProblems, visit } from "./browser.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const screenshots = process.env.SCREENSHOTS; // a directory for screenshots, optional
if (screenshots) mkdirSync(screenshots, { recursive: true });

const pages = { search: "/?q=%E4%BD%99", code: "/codes/CBC.99003651", reason: "/reasons/BALANCE_INSUFFICIENT", unknown: "/codes/CBC.1", translate: "/translate" };

for (const colorScheme of ["light", "dark"]) {
  for (const locale of ["en-US", "zh-CN"]) {
    for (const width of [1200, 320]) {
      test(`no page has accessibility violations: ${colorScheme}, ${locale}, ${width} pixels`, async (t) => {
        for (const [name, path] of Object.entries(pages)) {
          const page = await visit(t, path, { colorScheme, locale, viewport: { width, height: 800 }, reducedMotion: "reduce" });
          if (name === "translate") await translateResponse(page);
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
  await page.locator("#response").fill(partialFailure);
  await page.locator("table").waitFor();
  for (const summary of await page.locator("summary").all()) await summary.click();
}

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
