// Shows a translation: what it means for people first, then the status whole.
import { copyable, h, link, pairs } from "./dom.js";
import { waitOf } from "./catalog.js";
import { meaning } from "./words.js";

/** @typedef {{"@type": string, [key: string]: any}} Detail */
/** @typedef {{code: number, message: string, details: Detail[]}} Status */
/** @typedef {{status: Status, locale: string, items: {id: string, status: Status}[]}} Translation */
/** @typedef {import("./words.js").Words} Words */

/** @param {Status} status @param {string} name @returns {Detail | undefined} */
function detail(status, name) {
  return status.details.find((d) => d["@type"] === `type.googleapis.com/${name}`);
}

/** @param {Translation} translation @param {Words} words @returns {HTMLElement[]} */
export function showTranslation(translation, words) {
  const { status, items } = translation;
  const shown = status.code === 0 ? [h("p", { class: "success" }, words.succeeded)] : [showStatus(status, words)];
  if (items.length > 0) shown.push(showItems(items, words));
  shown.push(h("h3", {}, words.wholeStatus), copyable(JSON.stringify(translation, null, 2), words.wholeStatus, words));
  return shown;
}

/** @param {Status} status @param {Words} words */
function showStatus(status, words) {
  const info = detail(status, "google.rpc.ErrorInfo");
  const facts = info?.["metadata"] ?? {};
  return h("section", { class: "status" },
    h("p", { class: "headline" }, facts.code && [link(`codes/${encodeURIComponent(facts.code)}`, facts.code), " "],
      info && link(`reasons/${info["reason"]}`, info["reason"])),
    h("p", { class: "text", lang: facts.locale }, facts.message ?? status.message),
    pairs([
      ...whatToDo(facts.retry, facts.outcome, detail(status, "google.rpc.RetryInfo")?.["retryDelay"], words),
      [words.withdrawn, facts.certain === "false" && words.withdrawnWhy], [words.retryAfter, facts.retryAfter && `${facts.retryAfter} s`],
      [words.permission, facts.missingPermission], [words.trySite, facts.suggestedSite && meaning(words, "site", facts.suggestedSite)],
      [words.account, facts.domainId], [words.violations, violations(status).map((v) => h("p", {}, v))],
      [words.upstreamSaid, facts.upstreamMessage], [words.status, `${nameOf(status.code)} (${status.code})`],
      [words.match, facts.match && explained(words, "match", facts.match)], [words.outerCode, facts.outerCode], [words.service, facts.service],
      [words.request, detail(status, "google.rpc.RequestInfo")?.["requestId"]], [words.truncated, facts.truncated],
    ]));
}

/**
 * @param {string} retry
 * @param {string} outcome
 * @param {string | undefined} wait
 * @param {Words} words
 * @returns {[string, import("./dom.js").Child | import("./dom.js").Child[]][]}
 */
export function whatToDo(retry, outcome, wait, words) {
  return [
    [words.retry, [h("strong", {}, advice(words, retry)), retry && " ", retry && h("code", {}, retry)]],
    [words.wait, waitOf(wait)],
    [words.outcome, explained(words, "outcome", outcome)],
  ];
}

/** What to do in words. @param {Words} words @param {string | undefined} retry */
function advice(words, retry) {
  return retry ? meaning(words, "retry", retry) : words.nothingToDo;
}

/** What a constant means, with the constant; the constant alone if it has no words. @param {Words} words @param {string} kind @param {string} name */
function explained(words, kind, name) {
  const text = meaning(words, kind, name);
  return [text !== name && `${text} `, h("code", {}, name)];
}

/** @param {Status} status @returns {string[]} */
function violations(status) {
  const fields = detail(status, "google.rpc.BadRequest")?.["fieldViolations"] ?? [];
  const conditions = detail(status, "google.rpc.PreconditionFailure")?.["violations"] ?? [];
  const quotas = detail(status, "google.rpc.QuotaFailure")?.["violations"] ?? [];
  return [
    ...fields.map((/** @type {any} */ v) => v.field),
    ...conditions.map((/** @type {any} */ v) => `${v.type} ${v.subject}`.trim()),
    ...quotas.map((/** @type {any} */ v) => `${v.quotaMetric} ${v.subject}`.trim()),
  ];
}

/** @param {Translation["items"]} items @param {Words} words */
function showItems(items, words) {
  const head = [words.item, words.code, words.message, words.retry].map((name) => h("th", { scope: "col" }, name));
  const rows = items.map(({ id, status }) => {
    const info = detail(status, "google.rpc.ErrorInfo");
    const facts = info?.["metadata"] ?? {};
    const code = facts.code ? link(`codes/${encodeURIComponent(facts.code)}`, facts.code) : info?.["reason"];
    return h("tr", {}, h("th", { scope: "row" }, id), h("td", {}, code), h("td", { lang: facts.locale }, facts.message ?? status.message),
      h("td", {}, advice(words, facts.retry)));
  });
  return h("section", {}, h("h3", { id: "items" }, `${words.failedItems} (${items.length})`),
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-labelledby": "items" },
      h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows))));
}

const names = ["OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"];

/** The name of a code in google.rpc.Code. @param {number} code */
export function nameOf(code) {
  return names[code] ?? String(code);
}
