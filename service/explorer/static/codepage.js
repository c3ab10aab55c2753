// The pages about a code and about a reason.
import { whatToDo } from "./answer.js";
import { find, textOf } from "./catalog.js";
import { copyable, h, link, pairs } from "./dom.js";
import { codeSnippets } from "./snippets.js";
import { filled, meaning } from "./words.js";

/** @typedef {import("./main.js").Context} Context */
/** @typedef {import("./main.js").Page} Page */

/** @param {Context} context @param {string} code @returns {Page} */
export function codePage(context, code) {
  const { words, catalog, locale } = context;
  const entry = find(catalog, code);
  if (!entry) return notFound(context, words.unknownCode, code);
  const first = textOf(entry, locale);
  const others = entry.texts.filter((t) => t !== first);
  return {
    title: `${entry.code} · ${first.message}`,
    nodes: [
      h("h1", {}, entry.code),
      h("p", { class: "text", lang: first.locale }, first.message),
      translated(context, entry, first),
      others.map((t) => [h("p", { class: "other", lang: t.locale }, t.message), translated(context, entry, t)]).flat(),
      pairs([
        ...whatToDo(entry.retry, entry.outcome, entry.wait, words),
        [words.reason, link(`reasons/${entry.reason}`, entry.reason)],
        [words.status, h("code", {}, entry.status)],
        [words.number, entry.number || null],
        httpStatus(words, entry),
        [words.byStatus, catalog.entries.filter((e) => e.code === entry.code && e !== entry).map((e) => otherMeaning(context, e))],
        [words.elsewhere, catalog.overlays.filter((o) => o.code === entry.code).map((o) => elsewhere(words, o))],
        [words.related, entry.relatedCodes.map((c) => [link(`codes/${c}`, c), " "]).flat()],
        [words.service, entry.service],
        [words.source, entry.source && meaning(words, "source", entry.source)],
      ]),
      h("p", {}, link(`translate?code=${entry.code}`, words.tryIt)),
      h("h2", {}, words.fromPrograms),
      codeSnippets(document.baseURI, entry).map((s) => [h("h3", {}, s.name), copyable(s.text, s.name, words)]).flat(),
    ].flat(),
  };
}

/** @param {Context} context @param {import("./catalog.js").Entry} entry @param {import("./catalog.js").Text} text */
function translated({ words }, entry, { locale }) {
  return (entry.translatedLocales ?? []).includes(locale) && h("p", { class: "hint" }, `(${words.ourTranslation})`);
}

/**
 * The HTTP status that upstream documents; for a code of another system, the one that it has this meaning with.
 * @param {import("./words.js").Words} words
 * @param {import("./catalog.js").Entry} entry
 * @returns {[string, import("./dom.js").Child | import("./dom.js").Child[]]}
 */
function httpStatus(words, entry) {
  if (entry.service) return [words.httpStatus, entry.httpStatus || words.any];
  if (!entry.httpStatus) return [words.documentedHTTP, words.undocumented];
  return [words.documentedHTTP, [h("span", {}, entry.httpStatus), h("span", { class: "hint" }, ` ${words.misleads}`)]];
}

/** @param {Context} context @param {import("./catalog.js").Entry} entry */
function otherMeaning({ words, locale }, entry) {
  const text = textOf(entry, locale);
  return h("p", {}, `${entry.httpStatus || words.any}: `, h("span", { lang: text.locale }, text.message), " ", link(`reasons/${entry.reason}`, entry.reason));
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
