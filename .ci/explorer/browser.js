// Test harness: a browser, and pages that record console messages, exceptions and requests to other origins.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { chromium } from "playwright-core";

/** URL of the server under test, without a trailing slash. */
export const base = process.env.CBCERR_URL ?? assert.fail("CBCERR_URL is not set");

/** A browser without background requests. */
export let browser;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
});
after(() => browser?.close());

/** Opens a page in a new context and closes it after the test. Violations are in page.problems. */
export async function visit(t, path, options = {}) {
  const context = await browser.newContext({ locale: "en-US", viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  const problems = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => new URL(request.url()).origin === new URL(base).origin || problems.push(`request to ${request.url()}`));
  await page.goto(base + path);
  await page.waitForSelector("h1, [role=alert]");
  t.after(() => context.close());
  return Object.assign(page, { problems });
}

/** Asserts that the page has no problems except those that contain an expected text. */
export function assertNoProblems(page, ...expected) {
  assert.deepEqual(page.problems.filter((problem) => !expected.some((e) => problem.includes(e))), []);
}

/** A partial failure as curl -i prints it. */
export const partialFailure = `HTTP/2 200 \r
content-type: application/json\r
x-request-id: q-1\r
set-cookie: secret=1\r
\r
{"error_details":[{"id":"order-1","error_code":"CBC.5003","error_msg":"no"},{"id":"order-2","error_code":"CBC.0250"}]}`;

/** The one box of the start page. */
export const box = (page) => page.locator("#box");

/** Enters an HTTP status by hand. */
export async function enterStatus(page, status) {
  await page.locator(".tools > details > summary").click();
  await page.locator("#http-status").fill(status);
}
