// Renders a translation: the card first, then the failed items and the complete JSON.
import { badge, card, describeWithName } from "./advice.js";
import { codeBlock, h, link } from "./dom.js";
import { describe } from "./messages.js";

/** @typedef {{"@type": string, [key: string]: any}} Detail */
/** @typedef {{code: number, message: string, details: Detail[]}} Status */
/** @typedef {{status: Status, locale: string, items: {id: string, status: Status}[]}} Translation */
/** @typedef {import("./messages.js").Messages} Messages */
/** @typedef {import("./catalog.js").Text} Text */

/** Returns the detail of a type. @param {Status} status @param {string} name @returns {Detail | undefined} */
function detail(status, name) {
  return status.details.find((d) => d["@type"] === `type.googleapis.com/${name}`);
}

/** Renders the status and the failed items. @param {Translation} translation @param {Messages} messages @returns {HTMLElement[]} */
export function renderTranslation({ status, items }, messages) {
  const node = status.code === 0 ? h("p", { class: "success" }, messages.succeeded) : renderStatus(status, messages);
  return items.length > 0 ? [node, renderItems(items, messages)] : [node];
}

/** Renders the JSON of a translation, closed. @param {Translation} translation @param {Messages} messages */
export function renderJson(translation, messages) {
  return h("details", { class: "json" }, h("summary", {}, messages.statusJSON), codeBlock(JSON.stringify(translation, null, 2), messages.statusJSON, messages));
}

/** @param {Status} status @param {Messages} messages */
function renderStatus(status, messages) {
  const info = detail(status, "google.rpc.ErrorInfo");
  const metadata = info?.["metadata"] ?? {};
  const answer = {
    code: metadata.code, reason: info?.["reason"], text: [metadata.message ?? status.message], locale: metadata.locale, advice: metadata.advice,
    retry: metadata.retry, wait: detail(status, "google.rpc.RetryInfo")?.["retryDelay"], outcome: metadata.outcome,
  };
  return card(messages, answer,
    [messages.withdrawn, metadata.certain === "false" && messages.withdrawnText], [messages.retryAfter, metadata.retryAfter && `${metadata.retryAfter} s`],
    [messages.permission, metadata.missingPermission], [messages.trySite, metadata.suggestedSite && describe(messages, "site", metadata.suggestedSite)],
    [messages.account, metadata.domainId], [messages.violations, violations(status).map((v) => h("p", {}, v))],
    [messages.upstreamMessage, metadata.upstreamMessage], [messages.status, `${statusName(status.code)} (${status.code})`],
    [messages.match, metadata.match && describeWithName(messages, "match", metadata.match)], [messages.outerCode, metadata.outerCode], [messages.service, metadata.service],
    [messages.request, detail(status, "google.rpc.RequestInfo")?.["requestId"]], [messages.truncated, metadata.truncated]);
}

/** Lists the violations of all details. @param {Status} status @returns {string[]} */
function violations(status) {
  const fields = detail(status, "google.rpc.BadRequest")?.["fieldViolations"] ?? [];
  const preconditions = detail(status, "google.rpc.PreconditionFailure")?.["violations"] ?? [];
  const quotas = detail(status, "google.rpc.QuotaFailure")?.["violations"] ?? [];
  return [
    ...fields.map((/** @type {any} */ v) => v.field),
    ...preconditions.map((/** @type {any} */ v) => `${v.type} ${v.subject}`.trim()),
    ...quotas.map((/** @type {any} */ v) => `${v.quotaMetric} ${v.subject}`.trim()),
  ];
}

/** @param {Translation["items"]} items @param {Messages} messages */
function renderItems(items, messages) {
  const headings = [messages.item, messages.code, messages.message, messages.retry].map((name) => h("th", { scope: "col" }, name));
  const rows = items.map(({ id, status }) => {
    const info = detail(status, "google.rpc.ErrorInfo");
    const metadata = info?.["metadata"] ?? {};
    const code = metadata.code ? link(`codes/${encodeURIComponent(metadata.code)}`, metadata.code) : info?.["reason"];
    return h("tr", {}, h("th", { scope: "row" }, id), h("td", {}, code), h("td", { lang: metadata.locale }, metadata.message ?? status.message),
      h("td", { lang: metadata.locale }, badge(messages, metadata.retry), " ", metadata.advice));
  });
  return h("section", {}, h("h2", { id: "items" }, `${messages.failedItems} (${items.length})`),
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-labelledby": "items" },
      h("table", {}, h("thead", {}, h("tr", {}, headings)), h("tbody", {}, rows))));
}

const statusNames = ["OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"];

/** Returns the name of a code of google.rpc.Code. @param {number} code */
function statusName(code) {
  return statusNames[code] ?? String(code);
}
