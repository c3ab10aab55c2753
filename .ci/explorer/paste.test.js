import assert from "node:assert/strict";
import { test } from "node:test";
import { box, assertNoProblems, visit } from "./browser.js";

/** What people paste, and the answer in English and Chinese. Each differs from the examples of the page. */
const pastes = {
  "a Python traceback": {
    text: `Traceback (most recent call last):
  File "pay.py", line 12, in main
    client.pay_orders(request)
huaweicloudsdkcore.exceptions.exceptions.ClientRequestException: ClientRequestException - {status_code:403,request_id:0123abcd,error_code:CBC.0151,error_msg:user access denied,encoded_authorization_message:None}`,
    code: "CBC.0151", word: ["Fix first", "先解决问题"], message: "访问拒绝。", read: /HTTP status403 \(named by the body\).*CodeCBC\.0151Where it standsin a text/,
  },
  "the output of curl -v": {
    text: `* Connected to bss.myhuaweicloud.com (203.0.113.9) port 443
> POST /v2/orders/x HTTP/2
> X-Auth-Token: secret
>
< HTTP/2 400
< content-type: application/json
< x-request-id: r-1
<
{ [65 bytes data]
{"error":{"code":"CBC.5003","message":"no money"}}
* Connection #0 left intact`,
    code: "CBC.5003", word: ["Fix first", "先解决问题"], message: "余额不足。", read: /HTTP status400 \(from the copy of the response\).*X-Request-Id: r-1.*Where it standserror\.code/,
  },
  "an entry of a HAR file": {
    text: JSON.stringify({ request: { method: "GET" }, response: { status: 429, headers: [{ name: "Retry-After", value: "7" }], content: { text: '{"error_code":"CBC.0250"}' } } }, null, 2),
    code: "CBC.0250", word: ["Retry", "可重试"], message: "消息流量控制。", read: /HTTP status429 \(from the copy.*Retry-After: 7.*Where it standserror_code/,
  },
  "a box of Terraform": {
    text: `\u2577
\u2502 Error: error paying order: Bad request with: [POST
\u2502 https://bss.myhuaweicloud.com/v3/orders/customer-orders/pay], request_id:
\u2502 0123, error message: {"error_code":"CBC.0100","error_msg":"id: must not be
\u2502 null"}
\u2502
\u2502   with huaweicloud_compute_instance.main,
\u2575`,
    code: "CBC.0100", word: ["Never as is", "勿原样重试"], message: "输入参数校验失败。", read: /CodeCBC\.0100Where it standserror_code in a text/,
  },
};

const screens = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

for (const [name, { text, code, word, message, read }] of Object.entries(pastes)) {
  for (const [screen, viewport] of Object.entries(screens)) {
    test(`${name} gives code, advice and Chinese text above the fold: ${screen}`, async (t) => {
      const page = await visit(t, "/", { viewport, locale: "zh-CN" });
      await box(page).fill(text);
      await page.locator(".status").waitFor();
      assert.match((await page.locator(".headline").textContent()) ?? "", new RegExp(`^${code.replace(".", "\\.")} [A-Z_]+$`));
      assert.equal(await page.locator(".badge").textContent(), word[1]);
      assert.equal(await page.locator("p.text").textContent(), message);
      assert.match((await page.locator("p.advice").textContent()) ?? "", /\p{Script=Han}.*。 [A-Z_]+$/u);
      await assertAboveFold(page, ".badge", ".headline", "p.text", "p.advice", ".status dl > div:first-child");
      assertNoProblems(page);
    });
  }
  test(`${name} is explained`, async (t) => {
    const page = await visit(t, "/");
    await box(page).fill(text);
    await page.locator(".explanation summary").click();
    assert.equal(await page.locator(".badge").textContent(), word[0]);
    assert.match((await page.locator(".explanation").textContent()) ?? "", read);
    assert.doesNotMatch((await page.locator("#result .explanation").textContent()) ?? "", /secret/);
    assertNoProblems(page);
  });
}

/** Asserts that elements are within the first screen. */
async function assertAboveFold(page, ...selectors) {
  const { height } = page.viewportSize();
  for (const selector of selectors) {
    const { y, height: h } = await page.locator(selector).first().boundingBox();
    assert.ok(y >= 0 && y + h <= height, `${selector} ends at ${y + h} of ${height}`);
  }
}

test("each example on the start page is answered", async (t) => {
  const page = await visit(t, "/");
  const names = await page.locator(".examples button").allTextContents();
  assert.equal(names.length, 6);
  for (const [i, name] of names.entries()) {
    await page.locator(".examples button").nth(i).click();
    await page.locator(name === "Words" ? ".results" : ".status").waitFor();
    if (name !== "Words") assert.match((await page.locator(".headline").textContent()) ?? "", /^CBC\.\d+ /, name);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.locator(".examples").waitFor();
  }
  assertNoProblems(page);
});

test("prose is no response: the page says so, with an example", async (t) => {
  for (const text of ["The customer says that his order does not go through.\nHe called twice today, and nobody knows why.", "nobody knows why this fails"]) {
    const page = await visit(t, "/");
    await box(page).fill(text);
    await page.locator(".no-response").waitFor();
    assert.match((await page.locator(".no-response").textContent()) ?? "", /does not look like a response/);
    assert.match((await page.locator("#result pre").textContent()) ?? "", /HTTP\/2 429/);
    assert.equal(await page.locator(".status").count(), 0);
    assertNoProblems(page);
  }
});

test("what was seen and not believed is named", async (t) => {
  const page = await visit(t, "/");
  await box(page).fill('HTTP/2 200\n\n{"order_ids":["CS1"],"auto_pay":{"error_code":"CBC.99003651","error_msg":"in progress"},"cause":{"error_code":"CBC.0100"}}');
  await page.locator(".explanation summary").click();
  assert.equal(await page.locator(".badge").textContent(), "Check first");
  const read = (await page.locator(".explanation").textContent()) ?? "";
  assert.match(read, /Also seen, not believed.*CBC\.\d+/);
  assert.match(read, /Why the advice is careful.*The HTTP status is 2xx or not known, and data stands beside the error\./);
  assertNoProblems(page);
});

test("a code in any spelling shows its card and opens its page", async (t) => {
  for (const text of ["CBC.5003", "cbc.5003", "5003", "cbc5003", "CBC-5003"]) {
    const page = await visit(t, "/");
    await box(page).fill(text);
    await page.locator(".status").waitFor();
    assert.equal(await page.locator(".headline").textContent(), "CBC.5003 BALANCE_INSUFFICIENT");
    await page.locator(".headline a").first().click();
    await page.getByRole("heading", { level: 1, name: "CBC.5003" }).waitFor();
    assertNoProblems(page);
  }
});

test("an advice, an HTTP status and a typing error find codes", async (t) => {
  const page = await visit(t, "/");
  for (const [words, tags] of [["BACKOFF", /REQUEST_THROTTLED/], ["403", /ACCESS_DENIED/], ["insuficient balance", /BALANCE_INSUFFICIENT/]]) {
    await box(page).fill(words);
    await page.locator(".tags", { hasText: tags }).first().waitFor();
  }
  assertNoProblems(page);
});

test("a code that the catalogue does not have is named as such", async (t) => {
  const page = await visit(t, "/?q=CBC.1234");
  await page.locator(".no-response").waitFor();
  assert.match((await page.locator(".no-response").textContent()) ?? "", /This code is not in the catalogue/);
  assertNoProblems(page);
});

/** Drops a file on the form. */
async function drop(page, name, bytes) {
  await page.evaluate(({ name, bytes }) => {
    const files = new DataTransfer();
    files.items.add(new File([new Uint8Array(bytes)], name));
    document.querySelector("form")?.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
  }, { name, bytes: [...bytes] });
}

test("a dropped file is read as text if it is text, else as bytes", async (t) => {
  const page = await visit(t, "/");
  await drop(page, "error.txt", Buffer.from('HTTP/1.1 400 Bad Request\n\n{"error_code":"CBC.5003"}'));
  await page.locator(".headline", { hasText: "CBC.5003" }).waitFor();
  assert.match(await box(page).inputValue(), /^HTTP\/1\.1 400/);

  const sent = page.waitForRequest("**/v1/responses:translate");
  const gbk = Buffer.concat([Buffer.from('HTTP/1.1 429 Too Many Requests\nContent-Type: application/json; charset=GBK\n\n{"error_code":"CBC.0250","error_msg":"'), Buffer.from([0xcf, 0xfb, 0xcf, 0xa2]), Buffer.from('"}')]);
  await drop(page, "gbk.bin", gbk);
  assert.equal((await sent).postDataJSON().response.raw, gbk.toString("base64"));
  await page.locator(".headline", { hasText: "CBC.0250" }).waitFor();
  assert.match((await page.locator(".status").textContent()) ?? "", /消息/);
  assert.equal(await page.locator(".file-name").textContent(), "gbk.bin");
  await page.getByRole("button", { name: "Clear" }).click();
  await page.locator(".examples").waitFor();
  assert.equal(await page.locator(".file-name").textContent(), "");
  assertNoProblems(page);
});

test("a file is chosen with the button, and one that is too large is refused", async (t) => {
  const page = await visit(t, "/");
  const choose = async (name, buffer) => {
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Choose a file" }).click();
    await (await chooser).setFiles({ name, mimeType: "text/plain", buffer });
  };
  await choose("a.txt", Buffer.from('{"error_code":"CBC.0100"}'));
  await page.locator(".headline", { hasText: "CBC.0100" }).waitFor();
  await choose("large.bin", Buffer.alloc((8 << 20) + 1));
  await page.getByRole("alert").waitFor();
  assert.match((await page.getByRole("alert").textContent()) ?? "", /more than 8 MiB/);
  assertNoProblems(page);
});

test("a pasted response never gets into the URL", async (t) => {
  const page = await visit(t, "/?q=5003");
  await box(page).fill('{"error_code":"CBC.0250","error_msg":"secret"}');
  await page.locator(".headline", { hasText: "CBC.0250" }).waitFor();
  assert.equal(new URL(page.url()).search, "");
});
