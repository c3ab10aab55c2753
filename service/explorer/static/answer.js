// Answers what users give to the page: a translation with its explanation, or the codes that match words.
import { findByCode, searchEntries } from "./catalog.js";
import { renderMeaning } from "./codepage.js";
import { codeBlock, h, link } from "./dom.js";
import { examples } from "./examples.js";
import { renderExplanation } from "./explanation.js";
import { looksLikeResponse, requestFor } from "./input.js";
import { countText, resultList } from "./listpages.js";
import { translateSnippets } from "./snippets.js";
import { renderJson, renderTranslation } from "./translation.js";

/** @typedef {import("./main.js").Context} Context */
/** @typedef {import("./messages.js").Messages} Messages */
/** @typedef {import("./input.js").Draft} Draft */
/** @typedef {import("./input.js").TranslateRequest} TranslateRequest */
/** @typedef {import("./explanation.js").Explanation} Explanation */

/** Returns the answer to a draft. @param {Context} context @param {Draft} draft @param {AbortSignal} signal @returns {Promise<HTMLElement[]>} */
export async function answer(context, draft, signal) {
  const { messages } = context;
  try {
    return draft.file || draft.status || looksLikeResponse(draft.text) ? await translation(context, draft, signal) : await codes(context, draft.text, signal);
  } catch (error) {
    return [error instanceof Rejected ? failure(messages, error.message) : failure(messages, messages.unreachable)];
  }
}

/** A request that the server rejects. */
class Rejected extends Error {}

/** Renders the codes that match words, the code of that name first. @param {Context} context @param {string} words @param {AbortSignal} signal */
async function codes(context, words, signal) {
  const { messages, catalog } = context;
  const named = findByCode(catalog, words);
  const found = await searchEntries(words.trim(), signal);
  const [entry, second] = named.length > 0 ? named : found;
  const unknown = named.length === 0 && codeForm.test(words.trim()) && !found.some((e) => digits(e.code) === digits(words));
  const single = second || unknown ? undefined : entry;
  const nodes = single ? [renderMeaning(context, single, single.code)] : [];
  if (unknown && found.length > 0) nodes.push(h("p", { class: "no-response" }, h("strong", {}, messages.unknownCode), " ", messages.similarCodes));
  const others = found.filter((e) => e.code !== single?.code);
  if (others.length > 0) nodes.push(...results(context, others));
  if (nodes.length > 0) return nodes;
  return codeForm.test(words.trim()) ? [h("p", { class: "no-response" }, h("strong", {}, messages.unknownCode), " ", messages.unknownLead)] : noResponse(messages);
}

/** The form of a code, in any spelling. */
const codeForm = /^[a-z]\w*[.\s_-]?\d{4,}\w?$/i;

/** @param {string} text */
const digits = (text) => text.replace(/\D/g, "");

/** Renders entries and their number. @param {Context} context @param {import("./catalog.js").Entry[]} entries */
function results(context, entries) {
  return [h("p", { class: "count" }, countText(context.messages, entries.length)), resultList(context, entries)];
}

/** @param {Context} context @param {Draft} draft @param {AbortSignal} signal */
async function translation(context, draft, signal) {
  const { messages, catalog, locale } = context;
  const request = requestFor(draft, locale);
  const [translated, explanation] = await Promise.all([post("v1/responses:translate", request, signal), post("explorer/explain", request, signal)]);
  if (isProse(draft, explanation)) {
    const found = await searchEntries(draft.text.trim(), signal);
    return [...noResponse(messages), ...(found.length > 0 ? results(context, found) : [])];
  }
  return [...renderTranslation(translated, messages), renderExplanation(explanation, messages), renderJson(translated, messages), ...renderSnippets(messages, catalog.server, request)];
}

/** Reports whether a draft is a text that says nothing of a response. @param {Draft} draft @param {Explanation} x */
function isProse({ text, file, status }, x) {
  return !file && !status && !text.trim().startsWith("<") && x.body === "text" && !x.httpStatus && !x.rawCode && x.others.length === 0;
}

/** @param {string} path @param {TranslateRequest} request @param {AbortSignal} signal @returns {Promise<any>} */
async function post(path, request, signal) {
  const response = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(request), signal });
  const body = await response.json();
  if (!response.ok) throw new Rejected(body.message ?? `HTTP ${response.status}`);
  return body;
}

/** Says that an input is no response, with an example of one. @param {Messages} messages @returns {HTMLElement[]} */
function noResponse(messages) {
  const text = examples.find(([name]) => name === "curl")?.[1] ?? "";
  return [h("p", { class: "no-response" }, h("strong", {}, messages.noResponse), " ", messages.noResponseHint), codeBlock(text, messages.exampleLabel, messages),
    h("p", {}, link("codes", messages.allCodes))];
}

/** @param {Messages} messages @param {string} cause */
export function failure(messages, cause) {
  return h("p", { role: "alert", class: "failure" }, h("strong", {}, messages.failed), ` ${cause}`);
}

/** Maximum length of a response in snippets; longer ones do not fit a command line. */
const maxSnippetLength = 16 << 10;

/** @param {Messages} messages @param {import("./catalog.js").Server} server @param {TranslateRequest} request */
function renderSnippets(messages, server, request) {
  const { text } = request.response;
  if (text === undefined || text.length > maxSnippetLength) return [];
  const snippets = translateSnippets(document.baseURI, server, request);
  return [h("h2", {}, messages.sameResult), ...snippets.map((s) => h("details", { class: "snippet" }, h("summary", {}, s.name), codeBlock(s.text, s.name, messages)))];
}
