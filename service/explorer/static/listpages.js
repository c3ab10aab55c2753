// The lists of all codes and of all reasons.
import { badge } from "./advice.js";
import { columnValues, maxResults, textFor } from "./catalog.js";
import { h, link } from "./dom.js";
import { describe, format } from "./messages.js";

/** @typedef {import("./main.js").Context} Context */
/** @typedef {import("./main.js").Page} Page */
/** @typedef {import("./catalog.js").Entry} Entry */
/** @typedef {"status" | "retry" | "outcome"} Column */

/** @param {Context} context @returns {Page} */
export function codesPage(context) {
  const { messages, catalog } = context;
  return filteredPage(context, messages.codes, ["retry", "outcome", "status"], (matches) => {
    const entries = catalog.entries.filter(matches);
    return [countText(messages, entries.length), resultList(context, entries)];
  });
}

/** @param {Context} context @returns {Page} */
export function reasonsPage(context) {
  const { messages, catalog, locale } = context;
  return filteredPage(context, messages.reasons, ["retry"], (matches, filtered) => {
    const reasons = catalog.reasons.map(({ name, texts }) => ({ name, texts, entry: catalog.entries.find((e) => e.reason === name) }))
      .filter(({ entry }) => (entry ? matches(entry) : !filtered));
    const items = reasons.map(({ name, texts, entry }) => {
      const text = entry ? textFor(entry, locale) : { locale: texts?.[locale] ? locale : "en", message: texts?.[locale] ?? texts?.["en"] };
      return h("li", {}, link(`reasons/${name}`, h("span", { class: "name" }, name), " ", h("span", { lang: text.locale }, text.message)), badge(messages, entry?.retry));
    });
    return [format(messages.foundReasons, reasons.length), h("ul", { class: "results", "aria-label": messages.results }, items)];
  });
}

/**
 * Creates a page of a list with filters, which the URL keeps.
 * @param {Context} context
 * @param {string} title
 * @param {Column[]} columns
 * @param {(matches: (entry: Entry) => boolean, filtered: boolean) => [count: string, list: HTMLElement]} render
 * @returns {Page}
 */
function filteredPage({ messages, catalog }, title, columns, render) {
  const query = new URLSearchParams(location.search);
  const filters = columns.map((column) => filter(messages, column, columnValues(catalog, column), query.get(column) ?? ""));
  const count = h("p", { role: "status", class: "count" });
  const list = h("div", {});
  const update = () => {
    const chosen = filters.filter(({ select }) => select.value);
    const [text, results] = render((entry) => chosen.every(({ column, select }) => entry[column] === select.value), chosen.length > 0);
    count.textContent = text;
    list.replaceChildren(results);
    return new URLSearchParams(chosen.map(({ column, select }) => [column, select.value])).toString();
  };
  const onInput = () => {
    const parameters = update();
    history.replaceState(null, "", location.pathname + (parameters && `?${parameters}`));
  };
  update();
  return { title, nodes: [h("h1", {}, title), h("form", { class: "filters", oninput: onInput }, filters.map((f) => f.box)), count, list] };
}

/**
 * Creates a filter: a menu of the values of a column.
 * @param {import("./messages.js").Messages} messages
 * @param {Column} column
 * @param {string[]} values
 * @param {string} selected
 */
function filter(messages, column, values, selected) {
  const label = (/** @type {string} */ value) => (column === "retry" ? `${describe(messages, "badge", value)} (${value})` : value);
  const select = h("select", { id: column }, h("option", { value: "" }, messages.any),
    values.map((value) => h("option", { value, selected: value === selected }, label(value))));
  return { column, select, box: h("div", { class: "field" }, h("label", { for: column }, messages[column]), select) };
}

/** Creates the list of entries, each with its badge. @param {Context} context @param {Entry[]} entries */
export function resultList({ messages, locale }, entries) {
  return h("ul", { class: "results", "aria-label": messages.results }, entries.slice(0, maxResults).map((entry) => {
    const text = textFor(entry, locale);
    return h("li", {},
      link(`codes/${entry.code}`, h("span", { class: "code" }, entry.code), " ", h("span", { lang: text.locale }, text.message)), badge(messages, entry.retry),
      h("p", { class: "tags" }, tagsOf(entry, text.locale, messages).map((tag) => [h("span", {}, tag), " "]).flat().slice(0, -1)));
  }));
}

/** Formats the number of results. @param {import("./messages.js").Messages} messages @param {number} n */
export function countText(messages, n) {
  const text = n === 1 ? messages.foundOne : format(messages.found, n);
  return n > maxResults ? `${text} \u00b7 ${format(messages.shown, maxResults)}` : text;
}

/**
 * Returns the tags of a result: status and reason, the HTTP status of a gateway code, the source if it is not upstream's page,
 * and a mark if the text is a translation by this project.
 * @param {Entry} entry
 * @param {string} locale locale of the text
 * @param {import("./messages.js").Messages} messages
 * @returns {string[]}
 */
function tagsOf(entry, locale, messages) {
  return [
    entry.reason, entry.status, entry.service && entry.httpStatus ? `HTTP ${entry.httpStatus}` : "",
    entry.source === "page" ? "" : entry.source, entry.translatedLocales.includes(locale) ? messages.ourTranslation : "",
  ].filter(Boolean);
}
