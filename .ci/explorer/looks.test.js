import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { partialFailure, quiet, visit } from "./browser.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const shots = process.env.SHOTS; // a folder for pictures, for who wants to look at them
if (shots) mkdirSync(shots, { recursive: true });

const pages = { search: "/?q=%E4%BD%99", code: "/codes/CBC.99003651", reason: "/reasons/BALANCE_INSUFFICIENT", unknown: "/codes/CBC.1", translate: "/translate" };

for (const colorScheme of ["light", "dark"]) {
  for (const locale of ["en-US", "zh-CN"]) {
    for (const width of [1200, 320]) {
      test(`everybody can read every page: ${colorScheme}, ${locale}, ${width} pixels`, async (t) => {
        for (const [name, path] of Object.entries(pages)) {
          const page = await visit(t, path, { colorScheme, locale, viewport: { width, height: 800 }, reducedMotion: "reduce" });
          if (name === "translate") await fill(page);
          if (shots) await page.screenshot({ path: `${shots}/${name}-${colorScheme}-${locale}-${width}.png`, fullPage: true });
          assert.deepEqual(await violations(page), [], name);
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${name} scrolls sideways`);
          quiet(page, "404");
        }
      });
    }
  }
}

/** Has an answer with items shown, and its snippets open. */
async function fill(page) {
  await page.locator("#response").fill(partialFailure);
  await page.locator("table").waitFor();
  for (const summary of await page.locator("summary").all()) await summary.click();
}

/** What axe finds by all of its rules, best practices too. */
async function violations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
}

test("focus can be seen on everything that can have it", async (t) => {
  const page = await visit(t, "/codes/CBC.5003");
  const seen = [];
  for (let i = 0; i < 14; i++) {
    await page.keyboard.press("Tab");
    seen.push(await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement ?? document.body);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    }));
  }
  assert.ok(seen.every(Boolean), String(seen));
});
