// The pages of a code and of a reason.
import { adviceFor, findByCode, httpStatusText, textFor } from "./catalog.js";
import { codeBlock, descriptionList, h, link } from "./dom.js";
import { describe, format } from "./messages.js";
import { codeSnippets } from "./snippets.js";
import { adviceRows } from "./translation.js";

/** @typedef {import("./main.js").Context} Context */
/** @typedef {import("./main.js").Page} Page */

/** @param {Context} context @param {string} code @returns {Page} */
export function codePage(context, code) {
  const { messages, catalog, locale } = context;
  const entries = findByCode(catalog, code);
  const [entry] = entries;
  if (!entry) return notFound(context, messages.unknownCode, code);
  const snippets = codeSnippets(document.baseURI, entry, entries.length);
  return {
    title: `${entry.code} · ${textFor(entry, locale).message}`,
    nodes: [
      h("h1", {}, entry.code),
      ...entries.map((e) => [entries.length > 1 && h("h2", {}, `HTTP ${e.httpStatus}`), ...renderMeaning(context, e)]),
      h("p", {}, link(`translate?code=${entry.code}`, messages.tryIt)),
      h("h2", {}, messages.fromPrograms),
      snippets.map((s) => [h("h3", {}, s.name), codeBlock(s.text, s.name, messages)]).flat(),
    ].flat(),
  };
}

/** Renders one meaning of a code. @param {Context} context @param {import("./catalog.js").Entry} entry */
function renderMeaning({ messages, catalog, locale }, entry) {
  const first = textFor(entry, locale);
  const others = entry.texts.filter((t) => t !== first);
  return [
    h("p", { class: "text", lang: first.locale }, first.message, translationMark(entry, first, messages)),
    ...others.map((t) => h("p", { class: "other", lang: t.locale }, t.message, translationMark(entry, t, messages))),
    descriptionList([
      ...adviceRows(adviceFor(entry, locale), entry.retry, entry.outcome, entry.wait, messages),
      [messages.reason, link(`reasons/${entry.reason}`, entry.reason)],
      [messages.status, h("code", {}, entry.status)],
      [messages.number, entry.number || null],
      [entry.service ? messages.httpStatus : messages.documentedHTTP, [h("span", {}, httpStatusText(entry, messages)), !entry.service && h("span", { class: "hint" }, ` ${messages.informational}`)]],
      [messages.service, entry.service],
      [messages.source, describe(messages, "source", entry.source)],
      [messages.otherMeanings, catalog.overlays.filter((o) => o.code === entry.code).map((o) => renderOverlay(messages, o))],
      [messages.related, entry.relatedCodes.map((c) => [link(`codes/${c}`, c), " "]).flat()],
    ]),
  ];
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
      h("h1", {}, name.split(/(?<=_)/).map((part) => [part, h("wbr")]).flat()),
      text && h("p", { class: "text", lang: reason.texts?.[locale] ? locale : "en" }, text),
      descriptionList([...adviceRows(advice, entry?.retry, entry?.outcome, entry?.wait, messages), [messages.status, entry && h("code", {}, entry.status)]]),
      entries.length > 0 && h("h2", {}, messages.codes),
      entries.length > 0 && h("ul", { class: "results" }, entries.map((e) => {
        const t = textFor(e, locale);
        return h("li", {}, link(`codes/${e.code}`, h("span", { class: "code" }, e.code), " ", h("span", { lang: t.locale }, t.message)));
      })),
    ],
  };
}

/** @param {Context} context @param {string} title @param {string} message @returns {Page} */
function notFound({ messages }, title, message) {
  return {
    title,
    nodes: [
      h("h1", {}, title),
      h("p", { class: "text" }, message),
      h("p", {}, messages.unknownLead),
      h("p", {}, link("", messages.codes), " · ", link("translate", messages.translate)),
    ],
  };
}
