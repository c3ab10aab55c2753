// Calls the fake CBC in all scenarios with the SDK and its adapter: node_scenarios.js GRPC_ADDRESS FAKE_URL
// Then with servers that do not answer: every call must end as with the SDK alone.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { Code, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { GlobalCredentials } from "@huaweicloud/huaweicloud-sdk-core";
import { ClientBuilder } from "@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js";
import { ClientRequestException } from "@huaweicloud/huaweicloud-sdk-core/exception/ClientRequestException.js";
import { ServerResponseException } from "@huaweicloud/huaweicloud-sdk-core/exception/ServerResponseException.js";
import { ServiceResponseException } from "@huaweicloud/huaweicloud-sdk-core/exception/ServiceResponseException.js";
import { CbcError, CbcFailure, meaning } from "cbcerr";
import { TranslationService } from "cbcerr/cbc/error/v1/translation_service_pb.js";
import { fromException, throwFailures } from "cbcerr/huaweicloud";

const [, , address, fakeUrl] = process.argv;
const scenarios = JSON.parse(readFileSync("service/test/fakecbc/scenarios.json", "utf8"));
const translatorOf = (target) => createClient(TranslationService, createGrpcTransport({ baseUrl: `http://${target}` }));

/** Returns a client of the SDK alone. */
function build(url = fakeUrl) {
  const keys = { ak: "FAKEACCESSKEY0000001", sk: "fake-secret-key-of-no-account" }; // fakecbc.TestKeys
  const credential = new GlobalCredentials().withAk(keys.ak).withSk(keys.sk).withDomainId("d");
  return new ClientBuilder((hcClient) => hcClient, "GlobalCredentials").withCredential(credential).withEndpoint(url).build();
}

/** Calls the path of a scenario. Returns what the client returns or throws. */
function result(client, { method, path }) {
  const data = method === "GET" ? undefined : { resource_ids: ["r1", "r2"] };
  const options = { method, url: path, contentType: "application/json", queryParams: {}, pathParams: {}, headers: {}, data };
  return client.sendRequest(options).catch((exception) => exception);
}

/** Returns what a caller sees of the end of a call. */
const described = (end) => ({ type: end.constructor, text: String(end), json: JSON.stringify(end), keys: Object.getOwnPropertyNames(end) });

/** Returns what a failure says, in the form of scenarios.json. */
function meaningOf({ error, items }) {
  const status = Code[error.status.code].replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
  const { code, reason, retry, outcome } = error;
  const wait = error.shouldRetry(false) && error.retryDelayMs ? `${error.retryDelayMs / 1000}s` : undefined;
  return { status, code, reason, retry, outcome, wait, items: items.map(({ id }) => id) };
}

const complete = (want) => ({ wait: undefined, items: [], ...want });

/** Tests a failure against the scenario, and against the end of the call by the SDK alone. */
function checkFailure({ name, status, body, want }, failure, alone) {
  assert(failure instanceof CbcFailure && failure instanceof ServiceResponseException, `${name}: ${failure}`);
  assert.deepEqual(meaningOf(failure), complete(want), name);
  assert.equal(failure instanceof ClientRequestException, status >= 400 && status < 500, name);
  assert.equal(failure instanceof ServerResponseException, status >= 500, name);
  assert.deepEqual([failure.body, failure.httpStatusCode, failure.requestId], [body, status, name]);
  assert(failure.error.locale === "zh-CN" && failure.error.message && JSON.stringify(failure), name);
  if (status < 400) return assert(!(alone instanceof Error), name);
  assert.deepEqual({ ...failure, message: failure.message }, { ...alone, message: alone.message }, name);
}

/** Tests all scenarios, one after the other and at once. */
async function checkScenarios() {
  const alone = build();
  const adapted = throwFailures(build(), translatorOf(address), { locales: ["zh-CN"], timeoutMs: 30_000 });
  const atOnce = await Promise.all(scenarios.map((scenario) => result(adapted, scenario)));
  for (const [i, scenario] of scenarios.entries()) {
    const want = await result(alone, scenario);
    for (const got of [await result(adapted, scenario), atOnce[i]]) {
      if (scenario.want.status === "OK") assert.deepEqual(described(got), described(want), scenario.name);
      else if (scenario.name === "broken_off") assert.equal(got.error.reason, "UNRECOGNIZED_RESPONSE"); // axios drops the body
      else checkFailure(scenario, got, want);
    }
  }
}

/** Tests that cbcerrd is not asked about long successes and data, and that the same error in other types is translated. */
async function checkUnjudged() {
  const error = '{"error_code":"CBC.3144","error_msg":"There is an order in progress."}';
  const data = ["application/octet-stream", "text/csv; charset=utf-8", "image/svg+xml"];
  const errors = ["application/json", "Text/HTML", "text/xml;charset=gbk", "text/plain", "json", ""];
  const long = { "/long": " ".repeat(1 << 20), "/wide": "错".repeat(600_000), "/refused": "错".repeat(600_000) }; // 600,000 have 1.8 MB
  const server = createHttpServer(({ url }, response) => {
    response.statusCode = url === "/refused" ? 403 : 200;
    response.setHeader("Content-Type", url in long ? "application/json" : decodeURIComponent(url.slice(1))).end(error + (long[url] ?? ""));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  const translator = translatorOf(address);
  let asked = 0;
  const counted = { translate: (...call) => (asked++, translator.translate(...call)) };
  const [alone, adapted] = [build(url), throwFailures(build(url), counted, { timeoutMs: 30_000 })];
  const get = (client, kind) => result(client, { method: "GET", path: `/${encodeURIComponent(kind)}` });
  for (const kind of ["long", "wide", ...data]) {
    const [want, got] = [await get(alone, kind), await get(adapted, kind)];
    assert.deepEqual(described(got), described(want), kind);
    assert.equal(want.httpStatusCode, 200);
  }
  assert.equal(asked, 0);
  for (const kind of [...errors, "refused"]) assert.equal((await get(adapted, kind)).error?.code, "CBC.3144", kind);
  server.close();
}

/** Tests that the advice of an error is withdrawn if its body is cut or broke off. */
async function checkCutErrors() {
  const throttled = '{"error_code":"CBC.0250","error_msg":"throttled"}';
  const bodies = { "/whole": throttled, "/cut": throttled + " ".repeat(1 << 20), "/broken": "<html>" };
  const server = createHttpServer(({ url }, response) => {
    const isBroken = url === "/broken";
    response.writeHead(429, { "Content-Type": "application/json", "Content-Length": bodies[url].length + (isBroken ? 1 : 0) });
    response.write(bodies[url], () => (isBroken ? response.destroy() : response.end()));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const adapted = throwFailures(build(`http://127.0.0.1:${server.address().port}`), translatorOf(address), { timeoutMs: 30_000 });
  for (const [path, retry] of [["/whole", "BACKOFF"], ["/cut", "VERIFY_FIRST"], ["/broken", "VERIFY_FIRST"]]) {
    assert.equal((await result(adapted, { method: "GET", path })).error.retry, retry, path);
  }
  server.close();
}

/** The scenarios whose text or code the SDK drops. */
const dropped = ["overloaded", "foreign_code", "broken_off"];

/** Tests what fromException reads from the exceptions of the SDK alone. */
async function checkExceptions() {
  for (const scenario of scenarios.filter(({ status }) => status >= 400)) {
    const exception = await result(build(), scenario);
    const failure = await fromException(exception, translatorOf(address), { timeoutMs: 30_000 });
    assert(failure === exception && failure instanceof CbcFailure, scenario.name);
    assert.equal(await fromException(failure, translatorOf("127.0.0.1:1")), failure);
    const { name, want } = scenario;
    const lost = dropped.includes(name) ? { wait: "", status: "", code: "", reason: "" } : { wait: "" }; // the wait of Retry-After
    assert.deepEqual({ ...meaningOf(failure), ...lost }, { ...complete(want), ...lost }, name);
  }
  assert.equal(await fromException(new ServiceResponseException(undefined, "connect ECONNREFUSED"), translatorOf(address)), undefined);
  const long = new ServiceResponseException(400, "x".repeat(1 << 20), "CBC.0250");
  const { error } = await fromException(long, translatorOf(address), { timeoutMs: 30_000 });
  assert.deepEqual([error.code, error.retry], ["CBC.0250", "VERIFY_FIRST"]);
}

/** Tests that a call waits for cbcerrd for at most a second, unless the program chooses another limit. */
async function checkDeadline() {
  const seen = [];
  const watched = { translate: async (_, { timeoutMs }) => (seen.push(timeoutMs), {}) };
  const refused = { method: "GET", path: "/v2/orders/customer-orders/details/wrong_site" };
  const exception = await result(build(), refused);
  for (const options of [undefined, { timeoutMs: 30_000 }]) {
    await result(throwFailures(build(), watched, options), refused);
    await fromException(exception, watched, options);
  }
  assert.deepEqual(seen, [1000, 1000, 30_000, 30_000]);
}

/** Tests that calls end as with the SDK alone, and with a warning, if cbcerrd does not answer. */
async function checkFallback(some, target) {
  const [alone, adapted] = [build(), throwFailures(build(), translatorOf(target))];
  for (const scenario of some) {
    const want = await result(alone, scenario);
    const warned = once(process, "warning");
    assert.deepEqual(described(await result(adapted, scenario)), described(want), scenario.name);
    assert.match(String((await warned)[0]), /^CbcerrWarning: cbcerrd did not translate a response: ConnectError: /);
    assert.equal(await fromException(want, translatorOf(target)), undefined);
  }
}

/** Tests the errors that need no SDK. */
function checkCore() {
  assert.equal(CbcFailure.fromTranslation(undefined), undefined);
  assert(!(new Error("other") instanceof CbcFailure) && !(null instanceof CbcFailure));
  class Own extends CbcFailure {}
  const failure = new Own({ ...CbcError.prototype, code: "CBC.5003", reason: "BALANCE_INSUFFICIENT", status: { message: "m" } });
  assert(failure instanceof Own && failure instanceof Error && String(failure) === "CbcFailure: CBC.5003 BALANCE_INSUFFICIENT: m");
  for (const codes of [[5003, "CBC.5003", "cbc.5003", "5003"], [10000, "CBC.0000", "0000"]]) {
    assert(meaning(codes[0]));
    for (const code of codes) assert.deepEqual(meaning(code), meaning(codes[0]), String(code));
  }
  for (const code of [-1, 4, "", "CBC.", "4", "CBC.12", "10000", "CBC.cbc.5003", "cbc5003", "APIGW.0308", "５００３", "5003\n", "toString"]) {
    assert.equal(meaning(code), undefined, code);
  }
  for (const code of [null, undefined, 5003.5, NaN, true, 5003n, {}, ["CBC.5003"]]) assert.throws(() => meaning(code), TypeError);
}

checkCore();
await checkScenarios();
await checkUnjudged();
await checkCutErrors();
await checkExceptions();
await checkDeadline();
await checkFallback(scenarios, "127.0.0.1:1");
const silent = createServer(() => {}).listen(0, "127.0.0.1"); // accepts and never answers
await once(silent, "listening");
const names = ["order", "partial_failure_items", "wrong_site", "throttled", "bad_gateway"];
await checkFallback(scenarios.filter(({ name }) => names.includes(name)), `127.0.0.1:${silent.address().port}`);
process.stderr.write(`${scenarios.length} scenarios\n`);
process.exit();
