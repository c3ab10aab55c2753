// The start page: an incremental search.
import { columnValues, findByCode, search, textFor } from "./catalog.js";
import { h, link } from "./dom.js";
import { format } from "./messages.js";

/** @typedef {import("./main.js").Context} Context */
/** @typedef {import("./main.js").Page} Page */

/** The maximum number of results; more would slow down the page. */
const maxResults = 300;

/** @param {Context} context @returns {Page} */
export function searchPage(context) {
  const { messages, catalog } = context;
  const query = new URLSearchParams(location.search);
  const field = h("input", { type: "search", id: "q", autocomplete: "off", spellcheck: "false", "aria-describedby": "q-hint", value: query.get("q") ?? "" });
  const filters = /** @type {const} */ (["status", "retry", "outcome"]).map((column) =>
    filter(column, messages[column], messages.any, columnValues(catalog, column), query.get(column) ?? ""));
  const count = h("p", { role: "status", class: "count" });
  const results = h("ul", { class: "results", "aria-label": messages.results });
  const update = () => renderResults(context, currentQuery(field, filters), count, results);
  const onInput = () => {
    update();
    saveQuery(currentQuery(field, filters));
  };
  const form = h("form", { class: "search", role: "search", onsubmit: (/** @type {Event} */ e) => openResult(e, context, currentQuery(field, filters)), oninput: onInput },
    h("div", { class: "field wide" }, h("label", { for: "q" }, messages.searchLabel), field, h("p", { class: "hint", id: "q-hint" }, messages.searchHint)),
    filters.map((f) => f.box));
  update();
  return { title: messages.searchTitle, nodes: [h("h1", {}, messages.searchTitle), h("p", { class: "lead" }, messages.searchLead), form, count, results] };
}

/**
 * Creates a filter: a menu of the values of a column.
 * @param {string} column
 * @param {string} label
 * @param {string} any
 * @param {string[]} values
 * @param {string} selected
 */
function filter(column, label, any, values, selected) {
  const select = h("select", { id: column }, h("option", { value: "" }, any),
    values.map((value) => h("option", { value, selected: value === selected }, value)));
  return { column, select, box: h("div", { class: "field" }, h("label", { for: column }, label), select) };
}

/** @param {HTMLInputElement} field @param {{column: string, select: HTMLSelectElement}[]} filters */
function currentQuery(field, filters) {
  const selected = Object.fromEntries(filters.map(({ column, select }) => [column, select.value]));
  return { text: field.value, status: selected["status"] ?? "", retry: selected["retry"] ?? "", outcome: selected["outcome"] ?? "" };
}

/**
 * Opens the code that was entered, or the only result.
 * @param {Event} event
 * @param {Context} context
 * @param {import("./catalog.js").Query} query
 */
function openResult(event, { catalog, navigate }, query) {
  event.preventDefault();
  const results = search(catalog, query);
  const entry = findByCode(catalog, query.text)[0] ?? (results.length === 1 ? results[0] : undefined);
  if (entry) navigate(`codes/${entry.code}`);
}

/** Saves the query in the URL, so that users can link to a search. @param {import("./catalog.js").Query} query */
function saveQuery(query) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ q: query.text, status: query.status, retry: query.retry, outcome: query.outcome })) {
    if (value) parameters.set(name, value);
  }
  const text = parameters.toString();
  history.replaceState(null, "", location.pathname + (text && `?${text}`));
}

/**
 * @param {Context} context
 * @param {import("./catalog.js").Query} query
 * @param {HTMLElement} count
 * @param {HTMLElement} results
 */
function renderResults({ messages, catalog, locale }, query, count, results) {
  const found = search(catalog, query);
  count.textContent = countText(messages, found.length);
  results.replaceChildren(...found.slice(0, maxResults).map((entry) => {
    const text = textFor(entry, locale);
    return h("li", {},
      link(`codes/${entry.code}`, h("span", { class: "code" }, entry.code), " ", h("span", { lang: text.locale }, text.message)),
      h("p", { class: "tags" }, tagsOf(entry, text.locale, messages).map((tag) => [h("span", {}, tag), " "]).flat().slice(0, -1)));
  }));
}

/** Formats the number of results. @param {import("./messages.js").Messages} messages @param {number} n */
function countText(messages, n) {
  const text = n === 1 ? messages.foundOne : format(messages.found, n);
  return n > maxResults ? `${text} · ${format(messages.shown, maxResults)}` : text;
}

/**
 * Returns the tags of a result: status and retry advice, the HTTP status of a gateway code, the source if it is not upstream's page,
 * and a mark if the text is a translation by this project.
 * @param {import("./catalog.js").Entry} entry
 * @param {string} locale locale of the text
 * @param {import("./messages.js").Messages} messages
 * @returns {string[]}
 */
function tagsOf(entry, locale, messages) {
  return [
    entry.status, entry.retry, entry.service && entry.httpStatus ? `HTTP ${entry.httpStatus}` : "",
    entry.source === "page" ? "" : entry.source, entry.translatedLocales.includes(locale) ? messages.ourTranslation : "",
  ].filter(Boolean);
}
