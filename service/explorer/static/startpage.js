// The start page: one box takes a code, words, a paste or a file, and answers while the user types.
import { answer, failure } from "./answer.js";
import { findByCode } from "./catalog.js";
import { h } from "./dom.js";
import { examples } from "./examples.js";
import { looksLikeResponse, maxFileMiB, readFile } from "./input.js";
import { describe, format } from "./messages.js";

/** @typedef {import("./main.js").Context} Context */
/** @typedef {import("./main.js").Page} Page */

/** Delay from the last key to the request, in milliseconds. */
const debounceMs = 250;

/** @type {import("./input.js").Draft} */
const draft = { text: "", file: null, status: "", site: "" };

/** @param {Context} context @returns {Page} */
export function startPage(context) {
  const { messages } = context;
  readUrl();
  const box = h("textarea", { id: "box", rows: 4, spellcheck: "false", autocapitalize: "off", autocomplete: "off", placeholder: messages.boxPlaceholder, "aria-describedby": "box-hint" });
  const result = h("div", { id: "result" });
  const announcement = h("p", { role: "status", class: "visually-hidden" });
  const fileName = h("span", { class: "file-name" });
  const show = answerLater(context, result, announcement, () => intro(context, use));
  /** Takes the content of the form. */
  const update = () => {
    fileName.textContent = draft.file?.name ?? "";
    clear.hidden = !draft.text && !draft.file;
    saveUrl();
    show();
  };
  /** Replaces the input. @param {Partial<import("./input.js").Draft>} input */
  const use = (input) => {
    Object.assign(draft, { file: null, text: "" }, input);
    box.value = draft.text;
    update();
  };
  const clear = h("button", { type: "button", onclick: () => { use({ status: "" }); status.value = ""; box.focus(); } }, messages.clear);
  const status = h("input", { id: "http-status", inputmode: "numeric", pattern: "[1-5][0-9]{2}", maxlength: 3, placeholder: messages.statusUnset, value: draft.status });
  const site = h("select", { id: "site" }, ["", "cn", "intl", "eu"].map((s) => h("option", { value: s, selected: s === draft.site }, s ? describe(messages, "site", s) : messages.unknownSite)));
  const onInput = () => {
    Object.assign(draft, { text: box.value, status: status.value, site: site.value, ...(box.value && { file: null }) });
    update();
  };
  box.value = draft.text;
  box.addEventListener("beforeinput", (event) => openCode(event, context));
  const form = h("form", { class: "start", onsubmit: (/** @type {Event} */ e) => e.preventDefault(), oninput: onInput, ...dropHandlers(messages, result, use) },
    h("label", { for: "box", class: "visually-hidden" }, messages.boxLabel), box,
    h("p", { class: "visually-hidden", id: "box-hint" }, messages.boxHint),
    h("div", { class: "tools" }, fileButton(messages, result, use), fileName, clear,
      h("details", { open: Boolean(draft.status || draft.site) }, h("summary", {}, messages.options), h("div", { class: "fields" },
        h("div", { class: "field" }, h("label", { for: "http-status" }, messages.httpStatus), status),
        h("div", { class: "field" }, h("label", { for: "site" }, messages.site), site)))));
  update();
  return { title: messages.startTitle, nodes: [h("h1", {}, messages.startTitle), form, announcement, result] };
}

/** Takes the input that the URL names: words, or a code to try in a response. */
function readUrl() {
  const query = new URLSearchParams(location.search);
  const code = query.get("code");
  const words = code ? `HTTP/2 400\n\n${JSON.stringify({ error_code: code, error_msg: "" })}` : query.get("q");
  if (words) Object.assign(draft, { text: words, file: null });
}

/** Saves words in the URL, so that users can link to a search. A response never gets into it. */
function saveUrl() {
  const words = draft.file || looksLikeResponse(draft.text) ? "" : draft.text.trim();
  history.replaceState(null, "", location.pathname + (words && `?${new URLSearchParams({ q: words })}`));
}

/** Opens the page of the code in the box instead of a second line. @param {InputEvent} event @param {Context} context */
function openCode(event, { catalog, navigate }) {
  const [entry] = findByCode(catalog, draft.text);
  if (event.inputType !== "insertLineBreak" || !entry) return;
  event.preventDefault();
  navigate(`codes/${entry.code}`);
}

/**
 * Returns a function that answers the draft after a delay. A new call cancels the previous one, so that an outdated answer is
 * never shown.
 * @param {Context} context
 * @param {HTMLElement} result
 * @param {HTMLElement} announcement summary of the answer for screen readers
 * @param {() => HTMLElement} empty what to show without input
 */
function answerLater(context, result, announcement, empty) {
  let timer = 0;
  let controller = new AbortController();
  return () => {
    clearTimeout(timer);
    controller.abort();
    if (!draft.text.trim() && !draft.file) {
      result.replaceChildren(empty());
      return;
    }
    controller = new AbortController();
    const { signal } = controller;
    timer = setTimeout(async () => {
      const nodes = await answer(context, { ...draft }, signal);
      if (signal.aborted) return;
      result.replaceChildren(...nodes);
      announcement.textContent = result.querySelector(".verdict, .success, .no-response, .count")?.textContent ?? "";
    }, debounceMs);
  };
}

/** Creates what the page shows before any input: an introduction, and examples to click. @param {Context} context @param {(input: {text: string}) => void} use */
function intro({ messages }, use) {
  return h("div", { class: "intro" }, h("p", { class: "lead" }, messages.startLead),
    h("h2", {}, messages.examples),
    h("div", { class: "examples" }, examples.map(([name, text]) =>
      h("button", { type: "button", onclick: () => use({ text }) }, describe(messages, "example", name)))));
}

/** @typedef {import("./messages.js").Messages} Messages */
/** @typedef {(input: {text: string, file: import("./input.js").DroppedFile | null}) => void} UseInput */

/** Takes a file as the input. @param {Messages} messages @param {HTMLElement} result @param {UseInput} use @param {File | undefined} file */
async function takeFile(messages, result, use, file) {
  if (!file) return;
  const input = await readFile(file);
  if (input) use(input);
  else result.replaceChildren(failure(messages, format(messages.fileTooLarge, maxFileMiB)));
}

/** Creates the button that opens a file. @param {Messages} messages @param {HTMLElement} result @param {UseInput} use */
function fileButton(messages, result, use) {
  const chooser = h("input", { type: "file", hidden: true, oninput: (/** @type {Event} */ e) => e.stopPropagation(), onchange: () => {
    void takeFile(messages, result, use, chooser.files?.[0]);
    chooser.value = "";
  } });
  return h("span", {}, chooser, h("button", { type: "button", onclick: () => chooser.click() }, messages.chooseFile));
}

/** Returns the listeners that take a file dropped on the form. @param {Messages} messages @param {HTMLElement} result @param {UseInput} use */
function dropHandlers(messages, result, use) {
  return {
    ondragover: (/** @type {DragEvent} */ event) => {
      if (event.dataTransfer?.items[0]?.kind === "file") event.preventDefault();
    },
    ondrop: (/** @type {DragEvent} */ event) => {
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      void takeFile(messages, result, use, event.dataTransfer.files[0]);
    },
  };
}
