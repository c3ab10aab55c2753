// Which page is shown in which language, and how one gets from one to the next.
import { load } from "./catalog.js";
import { codePage, reasonPage } from "./codepage.js";
import { byId, h, link } from "./dom.js";
import { searchPage } from "./searchpage.js";
import { translatePage } from "./translatepage.js";
import { languageOf, wordsFor } from "./words.js";

/** @typedef {{words: import("./words.js").Words, catalog: import("./catalog.js").Catalog, locale: string, go: (path: string) => void}} Context */
/** @typedef {{title: string, nodes: import("./dom.js").Child[]}} Page */

/** @type {[RegExp, (context: Context, name: string) => Page][]} */
const pages = [
  [/^$/, searchPage],
  [/^translate$/, translatePage],
  [/^codes\/([^/]+)$/, codePage],
  [/^reasons\/([^/]+)$/, reasonPage],
];

/** @type {Context} */
const context = { words: wordsFor(navigator.language), catalog: { entries: [], reasons: [], overlays: [], locales: [] }, locale: "en", go };

/** Goes to a page. @param {string} path relative to the base */
function go(path) {
  history.pushState(null, "", new URL(path, document.baseURI));
  show(true);
}

/**
 * Shows the page of the address.
 * @param {boolean} moved whether somebody went there, and is to be taken along
 * @param {boolean} fresh whether to its beginning
 */
function show(moved, fresh = moved) {
  const path = location.pathname.slice(new URL(document.baseURI).pathname.length);
  frame(path);
  for (const [address, page] of pages) {
    const match = address.exec(path);
    if (match) {
      const { title, nodes } = page(context, decoded(match[1] ?? ""));
      document.title = `${title} · cbcerr`;
      byId("main").replaceChildren(...h("div", {}, ...nodes).childNodes);
    }
  }
  if (moved) arrive();
  if (fresh) scrollTo(0, 0);
}

/** Moves to the heading of the new page, for who sees nothing change. */
function arrive() {
  const heading = document.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Says what is around the page in its language. @param {string} path */
function frame(path) {
  const { words, locale, catalog } = context;
  document.documentElement.lang = languageOf(locale);
  byId("skip").textContent = words.skip;
  byId("nav").setAttribute("aria-label", words.pages);
  byId("nav").replaceChildren(...[["", words.codes], ["translate", words.translate]].map(([to = "", name]) => {
    const a = link(to, name);
    if (to === path) a.setAttribute("aria-current", "page");
    return a;
  }), h("a", { href: "openapi.json" }, "OpenAPI"));
  byId("language-label").textContent = words.language;
  byId("language").replaceChildren(...catalog.locales.map((tag) =>
    h("option", { value: tag, lang: tag, selected: tag === locale }, autonym(tag))));
  byId("footer").replaceChildren(h("p", {}, words.footer));
}

/** The name of a language in itself. @param {string} tag */
function autonym(tag) {
  try {
    return new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag; // a language that the browser has no name for
  }
}

/** The language chosen before, else the first that the browser asks for and there is. */
function preferred() {
  const { locales } = context.catalog;
  for (const wanted of [remembered(), ...navigator.languages]) {
    const found = locales.find((tag) => tag === wanted) ?? locales.find((tag) => tag.split("-")[0] === wanted?.split("-")[0]);
    if (found) return found;
  }
  return locales[0] ?? "en";
}

/** A browser may forbid a page to remember anything. */
function remembered() {
  try {
    return localStorage.getItem("locale");
  } catch {
    return null;
  }
}

/** @param {string} locale */
function choose(locale) {
  try {
    localStorage.setItem("locale", locale);
  } catch {
    // it is asked for again next time
  }
  Object.assign(context, { locale, words: wordsFor(locale) });
  show(false);
}

/** Follows links within the page without loading it again. @param {MouseEvent} event */
function follow(event) {
  const a = event.target instanceof Element ? event.target.closest("a") : null;
  if (!a || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (a.id === "skip") {
    event.preventDefault(); // a fragment would be one of the base
    byId("main").focus();
  } else if (a.dataset["link"] !== undefined) {
    event.preventDefault();
    go(a.href);
  }
}

async function start() {
  const main = byId("main");
  try {
    main.replaceChildren(h("p", { class: "hint" }, context.words.loading));
    context.catalog = await load();
    context.locale = preferred();
    context.words = wordsFor(context.locale);
  } catch (error) {
    main.replaceChildren(h("p", { role: "alert", class: "failure" }, `${context.words.unreachable} ${error instanceof Error ? error.message : ""}`));
    return;
  }
  document.addEventListener("click", follow);
  addEventListener("popstate", () => show(true, false)); // where it was is where it is
  byId("language").addEventListener("change", (event) => choose(/** @type {HTMLSelectElement} */ (event.target).value));
  show(false);
}

void start();
