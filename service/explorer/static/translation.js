// Renders a translation: its meaning first, then the complete JSON.
import { formatDuration } from "./catalog.js";
import { codeBlock, descriptionList, h, link } from "./dom.js";
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

/** Renders the status, the failed items and the JSON. @param {Translation} translation @param {Messages} messages @returns {HTMLElement[]} */
export function renderTranslation(translation, messages) {
  const { status, items } = translation;
  const nodes = status.code === 0 ? [h("p", { class: "success" }, messages.succeeded)] : [renderStatus(status, messages)];
  if (items.length > 0) nodes.push(renderItems(items, messages));
  nodes.push(h("h3", {}, messages.statusJSON), codeBlock(JSON.stringify(translation, null, 2), messages.statusJSON, messages));
  return nodes;
}

/** @param {Status} status @param {Messages} messages */
function renderStatus(status, messages) {
  const info = detail(status, "google.rpc.ErrorInfo");
  const metadata = info?.["metadata"] ?? {};
  return h("section", { class: "status" },
    h("p", { class: "headline" }, metadata.code && [link(`codes/${encodeURIComponent(metadata.code)}`, metadata.code), " "],
      info && link(`reasons/${info["reason"]}`, info["reason"])),
    h("p", { class: "text", lang: metadata.locale }, metadata.message ?? status.message),
    descriptionList([
      ...adviceRows(adviceOf(metadata), metadata.retry, metadata.outcome, detail(status, "google.rpc.RetryInfo")?.["retryDelay"], messages),
      [messages.withdrawn, metadata.certain === "false" && messages.withdrawnText], [messages.retryAfter, metadata.retryAfter && `${metadata.retryAfter} s`],
      [messages.permission, metadata.missingPermission], [messages.trySite, metadata.suggestedSite && describe(messages, "site", metadata.suggestedSite)],
      [messages.account, metadata.domainId], [messages.violations, violations(status).map((v) => h("p", {}, v))],
      [messages.upstreamMessage, metadata.upstreamMessage], [messages.status, `${statusName(status.code)} (${status.code})`],
      [messages.match, metadata.match && describeWithName(messages, "match", metadata.match)], [messages.outerCode, metadata.outerCode], [messages.service, metadata.service],
      [messages.request, detail(status, "google.rpc.RequestInfo")?.["requestId"]], [messages.truncated, metadata.truncated],
    ]));
}

/** Returns what an error says to do. @param {Record<string, string>} metadata @returns {Text} */
const adviceOf = (metadata) => ({ locale: metadata["locale"] ?? "", message: metadata["advice"] ?? "" });

/**
 * Returns the rows of what to do, delay and outcome.
 * @param {Text} advice
 * @param {string | undefined} retry
 * @param {string | undefined} outcome
 * @param {string | undefined} wait
 * @param {Messages} messages
 * @returns {[string, import("./dom.js").Child | import("./dom.js").Child[]][]}
 */
export function adviceRows(advice, retry, outcome, wait, messages) {
  return [
    [messages.retry, [h("strong", { lang: advice.locale }, advice.message), retry && " ", retry && h("code", {}, retry)]],
    [messages.wait, formatDuration(wait)],
    [messages.outcome, outcome && describeWithName(messages, "outcome", outcome)],
  ];
}

/** Describes a constant and adds its name. @param {Messages} messages @param {string} kind @param {string} name */
function describeWithName(messages, kind, name) {
  const text = describe(messages, kind, name);
  return [text !== name && `${text} `, h("code", {}, name)];
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
      h("td", { lang: metadata.locale }, metadata.advice ?? metadata.retry));
  });
  return h("section", {}, h("h3", { id: "items" }, `${messages.failedItems} (${items.length})`),
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-labelledby": "items" },
      h("table", {}, h("thead", {}, h("tr", {}, headings)), h("tbody", {}, rows))));
}

const statusNames = ["OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"];

/** Returns the name of a code of google.rpc.Code. @param {number} code */
function statusName(code) {
  return statusNames[code] ?? String(code);
}
