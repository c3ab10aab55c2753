// The page that translates a pasted response while the user types.
import { codeBlock, h } from "./dom.js";
import { describe } from "./messages.js";
import { translateSnippets } from "./snippets.js";
import { parseTranscript } from "./transcript.js";
import { renderTranslation } from "./translation.js";

/** @typedef {import("./main.js").Context} Context */
/** @typedef {import("./main.js").Page} Page */
/** @typedef {import("./messages.js").Messages} Messages */
/** @typedef {import("./snippets.js").TranslateRequest} TranslateRequest */

/** Delay from the last key to the request, in milliseconds. */
const debounceMs = 250;

/** Content of the form. It survives a change of language and of page. */
const draft = { text: "", status: "", site: "" };

/** @param {Context} context @returns {Page} */
export function translatePage(context) {
  const { messages } = context;
  const code = new URLSearchParams(location.search).get("code");
  if (code) draft.text = `HTTP/2 400\n\n${JSON.stringify({ error_code: code, error_msg: "" })}`;
  const text = h("textarea", { id: "response", rows: 12, spellcheck: "false", autocapitalize: "off", "aria-describedby": "response-hint" });
  const status = h("input", { id: "http-status", inputmode: "numeric", pattern: "[1-5][0-9]{2}", maxlength: 3, size: 4, placeholder: "200", "aria-describedby": "status-note" });
  const site = h("select", { id: "site" }, ["", "cn", "intl", "eu"].map((s) =>
    h("option", { value: s, selected: s === draft.site }, s ? describe(messages, "site", s) : messages.unknownSite)));
  const note = h("span", { class: "hint", id: "status-note" });
  const result = h("div", { id: "result" }, h("p", { class: "hint" }, messages.waiting));
  const announcement = h("p", { role: "status", class: "visually-hidden" });
  text.value = draft.text;
  status.value = draft.status;
  const translate = debouncedTranslate(context, result, announcement);
  const onInput = () => {
    Object.assign(draft, { text: text.value, status: status.value, site: site.value });
    const transcript = parseTranscript(text.value);
    status.placeholder = String(transcript.httpStatus || 200);
    note.textContent = status.value || !text.value ? "" : transcript.httpStatus ? messages.fromStatusLine : messages.assumed;
    if (!text.value.trim()) result.replaceChildren(h("p", { class: "hint" }, messages.waiting));
    translate(transcript, Number(status.value) || transcript.httpStatus || 200, site.value);
  };
  const form = h("form", { class: "translate", onsubmit: (/** @type {Event} */ e) => e.preventDefault(), oninput: onInput },
    h("div", { class: "field wide" }, h("label", { for: "response" }, messages.response), text, h("p", { class: "hint", id: "response-hint" }, messages.translateLead)),
    h("div", { class: "field" }, h("label", { for: "http-status" }, messages.httpStatus), status, note),
    h("div", { class: "field" }, h("label", { for: "site" }, messages.site), site));
  if (draft.text) onInput();
  return { title: messages.translateTitle, nodes: [h("h1", {}, messages.translateTitle), form, h("h2", {}, messages.result), announcement, result] };
}

/**
 * Returns a function that translates a transcript after a delay. A new call cancels the previous one, so that an outdated result
 * is never shown.
 * @param {Context} context
 * @param {HTMLElement} result
 * @param {HTMLElement} announcement summary of the result for screen readers
 */
function debouncedTranslate(context, result, announcement) {
  let timer = 0;
  let controller = new AbortController();
  return (/** @type {import("./transcript.js").Transcript} */ transcript, /** @type {number} */ httpStatus, /** @type {string} */ site) => {
    clearTimeout(timer);
    controller.abort();
    if (!transcript.body.trim() && !transcript.httpStatus) return;
    controller = new AbortController();
    const { signal } = controller;
    /** @type {TranslateRequest} */
    const request = { response: { httpStatus, headers: transcript.headers, text: transcript.body }, locales: [context.locale] };
    if (site) request.response.origin = { site };
    timer = setTimeout(async () => {
      const nodes = await fetchTranslation(context, request, signal);
      if (signal.aborted) return;
      result.replaceChildren(...nodes);
      announcement.textContent = result.querySelector(".status .headline, .success")?.textContent ?? "";
    }, debounceMs);
  };
}

/**
 * Translates a response and renders the result or the failure.
 * @param {Context} context
 * @param {TranslateRequest} request
 * @param {AbortSignal} signal
 * @returns {Promise<HTMLElement[]>}
 */
async function fetchTranslation({ messages }, request, signal) {
  let response, body;
  try {
    response = await fetch("v1/responses:translate", { method: "POST", body: JSON.stringify(request), signal });
    body = await response.json();
  } catch {
    return [renderFailure(messages, messages.unreachable)];
  }
  if (!response.ok) return [renderFailure(messages, body.message ?? `HTTP ${response.status}`)];
  return [...renderTranslation(body, messages), ...renderSnippets(messages, request)];
}

/** @param {Messages} messages @param {string} cause */
function renderFailure(messages, cause) {
  return h("p", { role: "alert", class: "failure" }, h("strong", {}, messages.failed), ` ${cause}`);
}

/** Maximum length of a response in snippets; longer ones do not fit a command line. */
const maxSnippetLength = 16 << 10;

/** @param {Messages} messages @param {TranslateRequest} request */
function renderSnippets(messages, request) {
  if (request.response.text.length > maxSnippetLength) return [];
  const snippets = translateSnippets(document.baseURI, request);
  return [h("h3", {}, messages.sameResult), ...snippets.map((s) => h("details", {}, h("summary", {}, s.name), codeBlock(s.text, s.name, messages)))];
}
