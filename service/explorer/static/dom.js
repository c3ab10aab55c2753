// Creates DOM nodes from data. All text becomes text nodes and is never parsed as HTML.

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | undefined | ((event: any) => void)>} Props */

/**
 * Creates an element. A function prop is an event listener; its name is "on" and the event.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Props} props
 * @param {...(Child | Child[])} children null, undefined and false are skipped
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...toNodes(children.flat()));
  return element;
}

/** @param {Child[]} children @returns {(Node | string)[]} */
function toNodes(children) {
  const nodes = [];
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) nodes.push(child instanceof Node ? child : String(child));
  }
  return nodes;
}

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no #${id}`);
  return element;
}

/**
 * Creates a link that main.js follows without a page load.
 * @param {string} path relative to the base
 * @param {...Child} children
 */
export function link(path, ...children) {
  return h("a", { href: path, "data-link": true }, ...children);
}

/** Copies text to the clipboard. Without HTTPS there is no navigator.clipboard; execCommand replaces it. @param {string} text */
async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = h("textarea", { class: "visually-hidden", "aria-hidden": "true" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/**
 * Creates a block of preformatted text with a copy button.
 * @param {string} text
 * @param {string} label accessible name of the block
 * @param {{copy: string, copied: string}} messages
 */
export function codeBlock(text, label, messages) {
  const button = h("button", { type: "button", class: "copy" }, messages.copy);
  const status = h("span", { role: "status", class: "copy-status" });
  button.addEventListener("click", async () => {
    await copy(text);
    status.textContent = messages.copied;
    setTimeout(() => status.replaceChildren(), 2000);
  });
  button.setAttribute("aria-label", `${messages.copy}: ${label}`);
  return h("div", { class: "code-block" },
    h("div", { class: "bar" }, status, button),
    h("pre", { tabindex: 0, role: "region", "aria-label": label }, h("code", {}, text)));
}

/**
 * Creates a description list. Rows with an empty value are skipped.
 * @param {[string, Child | Child[]][]} rows term and description
 */
export function descriptionList(rows) {
  const list = h("dl", {});
  for (const [term, value] of rows) {
    const empty = value === null || value === undefined || value === false || value === "" || (Array.isArray(value) && value.length === 0);
    if (!empty) list.append(h("div", {}, h("dt", {}, term), h("dd", {}, value)));
  }
  return list;
}
