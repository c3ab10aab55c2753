// What the tests share: a browser, and pages that are watched for what they should not do.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { chromium } from "playwright-core";

/** The address of the server that is tested, without a slash at its end. */
export const base = process.env.CBCERR_URL ?? assert.fail("CBCERR_URL is not set");

/** A browser that asks nobody anything by itself. */
export let browser;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
});
after(() => browser?.close());

/** Opens a page of its own and closes it after the test: it may say nothing on its console and ask nobody but its server. */
export async function visit(t, path, options = {}) {
  const context = await browser.newContext({ locale: "en-US", viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => new URL(request.url()).origin === new URL(base).origin || faults.push(`asked ${request.url()}`));
  await page.goto(base + path);
  await page.waitForSelector("h1, [role=alert]");
  t.after(() => context.close());
  return Object.assign(page, { faults });
}

/** Fails if the page did what it should not; expected faults are named. */
export function quiet(page, ...expected) {
  assert.deepEqual(page.faults.filter((fault) => !expected.some((e) => fault.includes(e))), []);
}

/** A partial failure as curl -i prints it. */
export const partialFailure = `HTTP/2 200 \r
content-type: application/json\r
x-request-id: q-1\r
set-cookie: secret=1\r
\r
{"error_details":[{"id":"order-1","error_code":"CBC.5003","error_msg":"no"},{"id":"order-2","error_code":"CBC.0250"}]}`;
