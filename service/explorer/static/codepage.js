// The pages of a code and of a reason, and the page of what does not exist.
import { adviceLine, badge, breakable, card } from "./advice.js";
import { adviceFor, findByCode, httpStatusText, textFor } from "./catalog.js";
import { codeBlock, h, link } from "./dom.js";
import { resultList } from "./listpages.js";
import { describe, format } from "./messages.js";
import { codeSnippets } from "./snippets.js";

/** @typedef {import("./main.js").Context} Context */
/** @typedef {import("./main.js").Page} Page */

/** @param {Context} context @param {string} code @returns {Page} */
export function codePage(context, code) {
  const { messages, catalog, locale } = context;
  const entries = findByCode(catalog, code);
  const [entry] = entries;
  if (!entry) return notFound(context, messages.unknownCode, code);
  const snippets = codeSnippets(document.baseURI, catalog.server, entry, entries.length);
  return {
    title: `${entry.code} · ${textFor(entry, locale).message}`,
    nodes: [
      h("h1", {}, entry.code),
      ...entries.map((e) => [entries.length > 1 && h("h2", {}, `HTTP ${e.httpStatus}`), renderMeaning(context, e)]),
      h("p", {}, link(`?code=${entry.code}`, messages.tryIt)),
      h("h2", {}, messages.fromPrograms),
      snippets.map((s) => [h("h3", {}, s.name), codeBlock(s.text, s.name, messages)]).flat(),
    ].flat(),
  };
}

/**
 * Renders one meaning of a code. The card of another page names the code.
 * @param {Context} context
 * @param {import("./catalog.js").Entry} entry
 * @param {string} [code]
 */
export function renderMeaning({ messages, catalog, locale }, entry, code) {
  const first = textFor(entry, locale);
  const others = entry.texts.filter((t) => t !== first);
  const { retry, wait, outcome, reason } = entry;
  return card(messages, { code, reason, text: [first.message, translationMark(entry, first, messages)], locale: first.locale, advice: adviceFor(entry, locale).message, retry, wait, outcome },
    [messages.otherLanguages, others.map((t) => h("p", { class: "other", lang: t.locale }, t.message, translationMark(entry, t, messages)))],
    [messages.status, h("code", {}, ...breakable(entry.status))],
    [messages.number, entry.number || null],
    [entry.service ? messages.httpStatus : messages.documentedHTTP, [h("span", {}, httpStatusText(entry, messages)), !entry.service && h("span", { class: "hint" }, ` ${messages.informational}`)]],
    [messages.service, entry.service],
    [messages.source, describe(messages, "source", entry.source)],
    [messages.otherMeanings, catalog.overlays.filter((o) => o.code === entry.code).map((o) => renderOverlay(messages, o))],
    [messages.related, entry.relatedCodes.map((c) => [link(`codes/${c}`, c), " "]).flat()]);
}

/**
 * Marks a text that is a translation by this project.
 * @param {import("./catalog.js").Entry} entry
 * @param {import("./catalog.js").Text} text
 * @param {import("./messages.js").Messages} messages
 */
function translationMark(entry, text, messages) {
  return entry.translatedLocales.includes(text.locale) && h("span", { class: "hint" }, ` (${messages.ourTranslation})`);
}

/** Renders another meaning of a code. @param {import("./messages.js").Messages} messages @param {import("./catalog.js").Overlay} overlay */
function renderOverlay(messages, { shape, message, as }) {
  if (!as) return h("p", {}, messages.wraps);
  return h("p", {}, shape && `${format(messages.ifShape, shape)} `, message && `${format(messages.ifMessage, message)} `, link(`codes/${as}`, as));
}

/** @param {Context} context @param {string} name @returns {Page} */
export function reasonPage(context, name) {
  const { messages, catalog, locale } = context;
  const reason = catalog.reasons.find((r) => r.name === name);
  if (!reason) return notFound(context, messages.unknownReason, name);
  const entries = catalog.entries.filter((e) => e.reason === name);
  const [entry] = entries;
  const text = reason.texts?.[locale] ?? reason.texts?.["en"];
  const advice = { locale: reason.advice[locale] ? locale : "en", message: reason.advice[locale] ?? reason.advice["en"] ?? "" };
  return {
    title: name,
    nodes: [
      h("h1", {}, ...breakable(name)),
      text && h("p", { class: "text", lang: reason.texts?.[locale] ? locale : "en" }, text),
      entry && h("p", { class: "verdict" }, badge(messages, entry.retry)),
      adviceLine(advice.message, advice.locale, entry?.retry),
      entries.length > 0 && h("h2", {}, messages.codes),
      entries.length > 0 && resultList(context, entries),
    ],
  };
}

/** @param {Context} context @returns {Page} */
export function unknownPage(context) {
  return notFound(context, context.messages.unknownPage, location.pathname);
}

/** @param {Context} context @param {string} title @param {string} message @returns {Page} */
function notFound({ messages }, title, message) {
  return {
    title,
    nodes: [
      h("h1", {}, title),
      h("p", { class: "text" }, message),
      h("p", {}, messages.unknownLead),
      h("p", {}, link("", messages.translate), " \u00b7 ", link("codes", messages.codes), " \u00b7 ", link("reasons", messages.reasons)),
    ],
  };
}
