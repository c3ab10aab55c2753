// The advice of an error: a badge with a colour, a shape and a word, and one sentence.
import { formatDuration } from "./catalog.js";
import { descriptionList, h, link } from "./dom.js";
import { describe } from "./messages.js";

/** @typedef {import("./messages.js").Messages} Messages */
/** @typedef {import("./dom.js").Child} Child */
/** @typedef {[string, Child | Child[]]} Row */
/**
 * What an error says to its user.
 * @typedef {{code?: string | undefined, reason?: string | undefined, text: Child[], locale: string | undefined, advice: string | undefined, retry: string | undefined,
 *   wait: string | undefined, outcome: string | undefined}} Answer
 */

/** Creates the badge of retry advice. The style sheet has a colour and a shape for each. @param {Messages} messages @param {string | undefined} retry */
export function badge(messages, retry) {
  return retry ? h("span", { class: `badge ${retry}` }, describe(messages, "badge", retry)) : null;
}

/**
 * Creates the card of an error: what it is, what it says, what to do.
 * @param {Messages} messages
 * @param {Answer} answer
 * @param {...Row} rows more facts
 */
export function card(messages, { code, reason, text, locale, advice, retry, wait, outcome }, ...rows) {
  return h("section", { class: `status ${retry ?? ""}` },
    h("p", { class: "verdict" }, badge(messages, retry), " ",
      h("span", { class: "headline" }, code && [link(`codes/${encodeURIComponent(code)}`, code), " "].flat(), reason && link(`reasons/${reason}`, ...breakable(reason)))),
    h("p", { class: "text", lang: locale }, text),
    adviceLine(advice, locale, retry),
    descriptionList([[messages.wait, formatDuration(wait)], [messages.outcome, outcome && describeWithName(messages, "outcome", outcome)], ...rows]));
}

/** Creates the sentence of what to do, with the name of the retry advice for programs. @param {string | undefined} advice @param {string | undefined} locale @param {string | undefined} retry */
export function adviceLine(advice, locale, retry) {
  return h("p", { class: "advice" }, h("span", { lang: locale }, advice), retry && " ", retry && h("code", {}, ...breakable(retry)));
}

/** Describes a constant and adds its name. @param {Messages} messages @param {string} kind @param {string} name @returns {Child[]} */
export function describeWithName(messages, kind, name) {
  const text = describe(messages, kind, name);
  return [text !== name && `${text} `, h("code", {}, ...breakable(name))];
}

/** Allows line breaks behind the underscores of a name. @param {string} name @returns {Child[]} */
export const breakable = (name) => name.split(/(?<=_)/).flatMap((part, i) => (i ? [h("wbr"), part] : [part]));
