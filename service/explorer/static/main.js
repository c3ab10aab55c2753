// Routing, the language setting and the page frame.
import { loadCatalog } from "./catalog.js";
import { codePage, reasonPage, unknownPage } from "./codepage.js";
import { byId, h, link } from "./dom.js";
import { codesPage, reasonsPage } from "./listpages.js";
import { languageFor, messagesFor } from "./messages.js";
import { startPage } from "./startpage.js";

/**
 * @typedef {{messages: import("./messages.js").Messages, catalog: import("./catalog.js").Catalog, locale: string,
 *   navigate: (path: string) => void}} Context
 */
/** @typedef {{title: string, nodes: import("./dom.js").Child[]}} Page */

/** @type {[RegExp, (context: Context, parameter: string) => Page][]} */
const routes = [
  [/^(?:translate)?$/, startPage],
  [/^codes$/, codesPage],
  [/^reasons$/, reasonsPage],
  [/^codes\/([^/]+)$/, codePage],
  [/^reasons\/([^/]+)$/, reasonPage],
];

/** @type {Context} */
const context = {
  messages: messagesFor(navigator.language), catalog: { entries: [], reasons: [], overlays: [], locales: [], server: { grpcAddr: "", tls: false } }, locale: "en", navigate,
};

/** Adds a history entry and renders its page. @param {string} path relative to the base */
function navigate(path) {
  history.pushState(null, "", new URL(path, document.baseURI));
  render();
  focusHeading();
  scrollTo(0, 0);
}

/** Renders the page of the current URL. */
function render() {
  const path = location.pathname.slice(new URL(document.baseURI).pathname.length);
  renderFrame(path);
  const [pattern, page] = routes.find(([pattern]) => pattern.test(path)) ?? [/^/, unknownPage];
  const { title, nodes } = page(context, decodeSegment(pattern.exec(path)?.[1] ?? ""));
  document.title = `${title} · cbcerr`;
  byId("main").replaceChildren(...h("div", {}, ...nodes).childNodes);
}

/** Focuses the heading, so that screen readers announce the new page. */
function focusHeading() {
  const heading = document.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
}

/** Decodes a path segment. Returns an invalid one unchanged. @param {string} segment */
function decodeSegment(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Renders header, navigation, language menu and footer. @param {string} path */
function renderFrame(path) {
  const { messages, locale, catalog } = context;
  document.documentElement.lang = languageFor(locale);
  byId("skip").textContent = messages.skip;
  byId("nav").setAttribute("aria-label", messages.pages);
  byId("nav").replaceChildren(...[["", messages.translate], ["codes", messages.codes], ["reasons", messages.reasons]].map(([target = "", name]) => {
    const a = link(target, name);
    if (target === path) a.setAttribute("aria-current", "page");
    return a;
  }), h("a", { href: "openapi.json" }, "OpenAPI"));
  byId("language-label").textContent = messages.language;
  byId("language").replaceChildren(...catalog.locales.map((tag) =>
    h("option", { value: tag, lang: tag, selected: tag === locale }, autonym(tag))));
  byId("footer").replaceChildren(h("p", {}, messages.footer));
}

/** Returns the name of a language in that language, or its tag if the browser has no name. @param {string} tag */
function autonym(tag) {
  try {
    return new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Returns the first available locale of the stored choice and the browser's preferences. */
function preferredLocale() {
  const { locales } = context.catalog;
  for (const wanted of [storedLocale(), ...navigator.languages]) {
    const found = locales.find((tag) => tag === wanted) ?? locales.find((tag) => tag.split("-")[0] === wanted?.split("-")[0]);
    if (found) return found;
  }
  return locales[0] ?? "en";
}

/** Returns the stored choice; null if there is none or the browser denies storage. */
function storedLocale() {
  try {
    return localStorage.getItem("locale");
  } catch {
    return null;
  }
}

/** Stores the choice of a locale and renders the page in it. @param {string} locale */
function setLocale(locale) {
  try {
    localStorage.setItem("locale", locale);
  } catch {
    // The browser denies storage: the choice lasts until the page is closed.
  }
  Object.assign(context, { locale, messages: messagesFor(locale) });
  render();
}

/** Handles clicks on links within the page without a page load. @param {MouseEvent} event */
function handleClick(event) {
  const a = event.target instanceof Element ? event.target.closest("a") : null;
  if (!a || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (a.id === "skip") {
    event.preventDefault(); // with <base>, a fragment would load the start page
    byId("main").focus();
  } else if (a.dataset["link"] !== undefined) {
    event.preventDefault();
    navigate(a.href);
  }
}

/** Renders after the history changed. The browser restores the scroll position. */
function handleHistory() {
  render();
  focusHeading();
}

async function start() {
  const main = byId("main");
  try {
    main.replaceChildren(h("p", { class: "hint" }, context.messages.loading));
    context.catalog = await loadCatalog();
    context.locale = preferredLocale();
    context.messages = messagesFor(context.locale);
  } catch (error) {
    main.replaceChildren(h("p", { role: "alert", class: "failure" }, `${context.messages.unreachable} ${error instanceof Error ? error.message : ""}`));
    return;
  }
  document.addEventListener("click", handleClick);
  addEventListener("popstate", handleHistory);
  byId("language").addEventListener("change", (event) => setLocale(/** @type {HTMLSelectElement} */ (event.target).value));
  render();
}

void start();
