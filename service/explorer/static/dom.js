// Elements are made from data by these functions alone: a text is always a text and never HTML.

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | undefined | ((event: any) => void)>} Props */

/**
 * Makes an element. A property that is a function listens to the event of its name, without "on".
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Props} props
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...present(children.flat()));
  return element;
}

/** @param {Child[]} children @returns {(Node | string)[]} */
function present(children) {
  const all = [];
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) all.push(child instanceof Node ? child : String(child));
  }
  return all;
}

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no #${id}`);
  return element;
}

/**
 * A link within the page.
 * @param {string} path relative to the base
 * @param {...Child} children
 */
export function link(path, ...children) {
  return h("a", { href: path, "data-link": true }, ...children);
}

/** Copies a text; where the page is not served by HTTPS, in the way there was before. @param {string} text */
async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = h("textarea", { class: "hidden", "aria-hidden": "true" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/**
 * Text that is read as it is and can be copied whole.
 * @param {string} text
 * @param {string} label what it is, for who does not see it
 * @param {{copy: string, copied: string}} words
 */
export function copyable(text, label, words) {
  const button = h("button", { type: "button", class: "copy" }, words.copy);
  const said = h("span", { role: "status", class: "said" });
  button.addEventListener("click", async () => {
    await copy(text);
    said.textContent = words.copied;
    setTimeout(() => said.replaceChildren(), 2000);
  });
  button.setAttribute("aria-label", `${words.copy}: ${label}`);
  return h("div", { class: "copyable" },
    h("div", { class: "bar" }, said, button),
    h("pre", { tabindex: 0, role: "region", "aria-label": label }, h("code", {}, text)));
}

/**
 * Pairs of a name and what it is; pairs without a value are left out.
 * @param {[string, Child | Child[]][]} pairs
 */
export function pairs(pairs) {
  const list = h("dl", {});
  for (const [name, value] of pairs) {
    const empty = value === null || value === undefined || value === false || value === "" || (Array.isArray(value) && value.length === 0);
    if (!empty) list.append(h("div", {}, h("dt", {}, name), h("dd", {}, value)));
  }
  return list;
}
