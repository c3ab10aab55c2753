// The pages about a code and about a reason.
import { whatToDo } from "./answer.js";
import { find, httpStatusOf, textOf } from "./catalog.js";
import { copyable, h, link, pairs } from "./dom.js";
import { codeSnippets } from "./snippets.js";
import { filled, meaning } from "./words.js";

/** @typedef {import("./main.js").Context} Context */
/** @typedef {import("./main.js").Page} Page */

/** @param {Context} context @param {string} code @returns {Page} */
export function codePage(context, code) {
  const { words, catalog, locale } = context;
  const entries = find(catalog, code);
  const [entry] = entries;
  if (!entry) return notFound(context, words.unknownCode, code);
  const snippets = codeSnippets(document.baseURI, entry, entries.length);
  return {
    title: `${entry.code} · ${textOf(entry, locale).message}`,
    nodes: [
      h("h1", {}, entry.code),
      ...entries.map((e) => [entries.length > 1 && h("h2", {}, `HTTP ${e.httpStatus}`), ...meaningOf(context, e)]),
      h("p", {}, link(`translate?code=${entry.code}`, words.tryIt)),
      h("h2", {}, words.fromPrograms),
      snippets.map((s) => [h("h3", {}, s.name), copyable(s.text, s.name, words)]).flat(),
    ].flat(),
  };
}

/** What one meaning of a code is. @param {Context} context @param {import("./catalog.js").Entry} entry */
function meaningOf({ words, catalog, locale }, entry) {
  const first = textOf(entry, locale);
  const others = entry.texts.filter((t) => t !== first);
  return [
    h("p", { class: "text", lang: first.locale }, first.message, translationMark(entry, first, words)),
    ...others.map((t) => h("p", { class: "other", lang: t.locale }, t.message, translationMark(entry, t, words))),
    pairs([
      ...whatToDo(entry.retry, entry.outcome, entry.wait, words),
      [words.reason, link(`reasons/${entry.reason}`, entry.reason)],
      [words.status, h("code", {}, entry.status)],
      [words.number, entry.number || null],
      [entry.service ? words.httpStatus : words.documentedHTTP, [h("span", {}, httpStatusOf(entry, words)), !entry.service && h("span", { class: "hint" }, ` ${words.misleads}`)]],
      [words.service, entry.service],
      [words.source, meaning(words, "source", entry.source)],
      [words.elsewhere, catalog.overlays.filter((o) => o.code === entry.code).map((o) => elsewhere(words, o))],
      [words.related, entry.relatedCodes.map((c) => [link(`codes/${c}`, c), " "]).flat()],
    ]),
  ];
}

/**
 * Says after a text that upstream did not write it.
 * @param {import("./catalog.js").Entry} entry
 * @param {import("./catalog.js").Text} text
 * @param {import("./words.js").Words} words
 */
function translationMark(entry, text, words) {
  return entry.translatedLocales.includes(text.locale) && h("span", { class: "hint" }, ` (${words.ourTranslation})`);
}

/** @param {import("./words.js").Words} words @param {import("./catalog.js").Overlay} overlay */
function elsewhere(words, { shape, message, as }) {
  if (!as) return h("p", {}, words.wraps);
  return h("p", {}, shape && `${filled(words.whereShaped, shape)} `, message && `${filled(words.whereSaid, message)} `, link(`codes/${as}`, as));
}

/** @param {Context} context @param {string} name @returns {Page} */
export function reasonPage(context, name) {
  const { words, catalog, locale } = context;
  const reason = catalog.reasons.find((r) => r.name === name);
  if (!reason) return notFound(context, words.unknownReason, name);
  const entries = catalog.entries.filter((e) => e.reason === name);
  const [entry] = entries;
  const text = reason.texts?.[locale] ?? reason.texts?.["en"];
  return {
    title: name,
    nodes: [
      h("h1", {}, name.split(/(?<=_)/).map((word) => [word, h("wbr")]).flat()),
      text && h("p", { class: "text", lang: reason.texts?.[locale] ? locale : "en" }, text),
      h("p", { class: "lead", lang: "en" }, reason.comment),
      entry && pairs([...whatToDo(entry.retry, entry.outcome, entry.wait, words), [words.status, h("code", {}, entry.status)]]),
      entries.length > 0 && h("h2", {}, words.codes),
      entries.length > 0 && h("ul", { class: "results" }, entries.map((e) => {
        const t = textOf(e, locale);
        return h("li", {}, link(`codes/${e.code}`, h("span", { class: "code" }, e.code), " ", h("span", { lang: t.locale }, t.message)));
      })),
    ],
  };
}

/** @param {Context} context @param {string} title @param {string} what @returns {Page} */
function notFound({ words }, title, what) {
  return {
    title,
    nodes: [
      h("h1", {}, title),
      h("p", { class: "text" }, what),
      h("p", {}, words.unknownLead),
      h("p", {}, link("", words.codes), " · ", link("translate", words.translate)),
    ],
  };
}
