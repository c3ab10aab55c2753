// The page that translates what is pasted into it, while one types.
import { showTranslation } from "./answer.js";
import { copyable, h } from "./dom.js";
import { readPasted } from "./pasted.js";
import { translateSnippets } from "./snippets.js";
import { meaning } from "./words.js";

/** @typedef {import("./main.js").Context} Context */
/** @typedef {import("./main.js").Page} Page */

/** How long after the last key the server is asked, in milliseconds. */
const pause = 250;

/** What was pasted, so that another language or another page loses nothing of it. */
const kept = { text: "", status: "", site: "" };

/** @param {Context} context @returns {Page} */
export function translatePage(context) {
  const { words } = context;
  const code = new URLSearchParams(location.search).get("code");
  if (code) kept.text = `HTTP/2 400\n\n${JSON.stringify({ error_code: code, error_msg: "" })}`;
  const text = h("textarea", { id: "response", rows: 12, spellcheck: "false", autocapitalize: "off", "aria-describedby": "response-hint" });
  const status = h("input", { id: "http-status", inputmode: "numeric", pattern: "[1-5][0-9]{2}", maxlength: 3, size: 4, placeholder: "200", "aria-describedby": "status-note" });
  const site = h("select", { id: "site" }, ["", "cn", "intl", "eu"].map((s) =>
    h("option", { value: s, selected: s === kept.site }, s ? meaning(words, "site", s) : words.unknownSite)));
  const note = h("span", { class: "hint", id: "status-note" });
  const answer = h("div", { id: "answer" }, h("p", { class: "hint" }, words.waiting));
  const said = h("p", { role: "status", class: "hidden" });
  text.value = kept.text;
  status.value = kept.status;
  const ask = asker(context, answer, said);
  const changed = () => {
    Object.assign(kept, { text: text.value, status: status.value, site: site.value });
    const pasted = readPasted(text.value);
    status.placeholder = String(pasted.httpStatus || 200);
    note.textContent = status.value || !text.value ? "" : pasted.httpStatus ? words.fromHead : words.assumed;
    if (!text.value.trim()) answer.replaceChildren(h("p", { class: "hint" }, words.waiting));
    ask(pasted, Number(status.value) || pasted.httpStatus || 200, site.value);
  };
  const form = h("form", { class: "paste", onsubmit: (/** @type {Event} */ e) => e.preventDefault(), oninput: changed },
    h("div", { class: "field wide" }, h("label", { for: "response" }, words.response), text, h("p", { class: "hint", id: "response-hint" }, words.translateLead)),
    h("div", { class: "field" }, h("label", { for: "http-status" }, words.httpStatus), status, note),
    h("div", { class: "field" }, h("label", { for: "site" }, words.site), site));
  if (kept.text) changed();
  return { title: words.translateTitle, nodes: [h("h1", {}, words.translateTitle), form, h("h2", {}, words.answer), said, answer] };
}

/**
 * Asks the server for what was pasted last: an answer to what was pasted before it is never shown.
 * @param {Context} context
 * @param {HTMLElement} answer
 * @param {HTMLElement} said what is read aloud of it
 */
function asker(context, answer, said) {
  let timer = 0;
  let running = new AbortController();
  return (/** @type {import("./pasted.js").Pasted} */ pasted, /** @type {number} */ httpStatus, /** @type {string} */ site) => {
    clearTimeout(timer);
    running.abort();
    if (!pasted.body.trim() && !pasted.httpStatus) return; // nothing is no response
    const mine = new AbortController();
    running = mine;
    /** @type {import("./snippets.js").TranslateRequest} */
    const request = { response: { httpStatus, headers: pasted.headers, text: pasted.body }, locales: [context.locale] };
    if (site) request.response.origin = { site };
    timer = setTimeout(async () => {
      const nodes = await translated(context, request, mine.signal);
      if (mine.signal.aborted) return;
      answer.replaceChildren(...nodes);
      said.textContent = answer.querySelector(".status .headline, .success")?.textContent ?? "";
    }, pause);
  };
}

/**
 * @param {Context} context
 * @param {import("./snippets.js").TranslateRequest} request
 * @param {AbortSignal} signal
 * @returns {Promise<HTMLElement[]>}
 */
async function translated({ words }, request, signal) {
  let response, body;
  try {
    response = await fetch("v1/responses:translate", { method: "POST", body: JSON.stringify(request), signal });
    body = await response.json();
  } catch {
    return [failure(words, words.unreachable)];
  }
  if (!response.ok) return [failure(words, body.message ?? `HTTP ${response.status}`)];
  return [...showTranslation(body, words), ...programs(words, request)];
}

/** @param {import("./words.js").Words} words @param {string} why */
function failure(words, why) {
  return h("p", { role: "alert", class: "failure" }, h("strong", {}, words.failed), ` ${why}`);
}

/** A longer text than this is for a file, and not for a command line. */
const longest = 16 << 10;

/** @param {import("./words.js").Words} words @param {import("./snippets.js").TranslateRequest} request */
function programs(words, request) {
  if (request.response.text.length > longest) return [];
  const snippets = translateSnippets(document.baseURI, request);
  return [h("h3", {}, words.sameAnswer), ...snippets.map((s) => h("details", {}, h("summary", {}, s.name), copyable(s.text, s.name, words)))];
}
