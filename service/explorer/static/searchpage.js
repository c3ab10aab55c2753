// The start page: a search that answers while one types.
import { find, search, textOf, values } from "./catalog.js";
import { h, link } from "./dom.js";
import { filled } from "./words.js";

/** @typedef {import("./main.js").Context} Context */
/** @typedef {import("./main.js").Page} Page */

/** More results than this help nobody, and cost a large catalogue's page its speed. */
const most = 300;

/** @param {Context} context @returns {Page} */
export function searchPage(context) {
  const { words, catalog } = context;
  const query = new URLSearchParams(location.search);
  const field = h("input", { type: "search", id: "q", autocomplete: "off", spellcheck: "false", "aria-describedby": "q-hint", value: query.get("q") ?? "" });
  const filters = /** @type {const} */ (["status", "retry", "outcome"]).map((column) =>
    filter(column, words[column], words.any, values(catalog, column), query.get(column) ?? ""));
  const count = h("p", { role: "status", class: "count" });
  const results = h("ul", { class: "results", "aria-label": words.results });
  const show = () => showResults(context, currentQuery(field, filters), count, results);
  const changed = () => {
    show();
    remember(currentQuery(field, filters));
  };
  const form = h("form", { class: "search", role: "search", onsubmit: (/** @type {Event} */ e) => open(e, context, currentQuery(field, filters)), oninput: changed },
    h("div", { class: "field wide" }, h("label", { for: "q" }, words.searchLabel), field, h("p", { class: "hint", id: "q-hint" }, words.searchHint)),
    filters.map((f) => f.box));
  show();
  return { title: words.searchTitle, nodes: [h("h1", {}, words.searchTitle), h("p", { class: "lead" }, words.searchLead), form, count, results] };
}

/**
 * @param {string} column
 * @param {string} label
 * @param {string} any
 * @param {string[]} names
 * @param {string} chosen
 */
function filter(column, label, any, names, chosen) {
  const select = h("select", { id: column }, h("option", { value: "" }, any),
    names.map((name) => h("option", { value: name, selected: name === chosen }, name)));
  return { column, select, box: h("div", { class: "field" }, h("label", { for: column }, label), select) };
}

/** @param {HTMLInputElement} field @param {{column: string, select: HTMLSelectElement}[]} filters */
function currentQuery(field, filters) {
  const chosen = Object.fromEntries(filters.map(({ column, select }) => [column, select.value]));
  return { words: field.value, status: chosen["status"] ?? "", retry: chosen["retry"] ?? "", outcome: chosen["outcome"] ?? "" };
}

/**
 * Opens the code that was typed, or the only one found.
 * @param {Event} event
 * @param {Context} context
 * @param {import("./catalog.js").Query} query
 */
function open(event, { catalog, go }, query) {
  event.preventDefault();
  const found = search(catalog, query);
  const only = find(catalog, query.words)[0] ?? (found.length === 1 ? found[0] : undefined);
  if (only) go(`codes/${only.code}`);
}

/** Keeps the query in the address, so that a search can be linked. @param {import("./catalog.js").Query} query */
function remember(query) {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries({ q: query.words, status: query.status, retry: query.retry, outcome: query.outcome })) {
    if (value) all.set(name, value);
  }
  const text = all.toString();
  history.replaceState(null, "", location.pathname + (text && `?${text}`));
}

/**
 * @param {Context} context
 * @param {import("./catalog.js").Query} query
 * @param {HTMLElement} count
 * @param {HTMLElement} results
 */
function showResults({ words, catalog, locale }, query, count, results) {
  const found = search(catalog, query);
  count.textContent = counted(words, found.length);
  results.replaceChildren(...found.slice(0, most).map((entry) => {
    const text = textOf(entry, locale);
    return h("li", {},
      link(`codes/${entry.code}`, h("span", { class: "code" }, entry.code), " ", h("span", { lang: text.locale }, text.message)),
      h("p", { class: "tags" }, tagsOf(entry, text.locale, words).map((tag) => [h("span", {}, tag), " "]).flat().slice(0, -1)));
  }));
}

/** How many codes were found. @param {import("./words.js").Words} words @param {number} n */
function counted(words, n) {
  const all = n === 1 ? words.foundOne : filled(words.found, n);
  return n > most ? `${all} · ${filled(words.shown, most)}` : all;
}

/**
 * What stands below a result: another system's code says which HTTP status it needs, one that is not on upstream's page where it
 * is published, and a text that upstream did not write that it is a translation.
 * @param {import("./catalog.js").Entry} entry
 * @param {string} locale of the text shown
 * @param {import("./words.js").Words} words
 * @returns {string[]}
 */
function tagsOf(entry, locale, words) {
  return [
    entry.status, entry.retry, entry.service && entry.httpStatus ? `HTTP ${entry.httpStatus}` : "",
    entry.source === "page" ? "" : entry.source, entry.translatedLocales.includes(locale) ? words.ourTranslation : "",
  ].filter(Boolean);
}
