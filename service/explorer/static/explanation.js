// Renders why a response is translated as it is: what was read, where it stood, what was not believed, which rules fit.
import { breakable } from "./advice.js";
import { descriptionList, h } from "./dom.js";
import { describe } from "./messages.js";

/** @typedef {import("./messages.js").Messages} Messages */
/** @typedef {{path: string, inText: boolean}} Place */
/**
 * @typedef {{httpStatus: number, statusFrom: string, headers: Record<string, string>, body: string, shape: string, rawCode: string, code: string,
 *   place: Place, others: {code: string, path: string, inText: boolean}[], rules: {name: string, fits: boolean, chosen: boolean, code: string, reason: string}[],
 *   conditions: {name: string, holds: boolean}[] | null}} Explanation
 */

/** @param {Explanation} x @param {Messages} messages */
export function renderExplanation(x, messages) {
  const doubts = (x.conditions ?? []).filter((c) => !c.holds).map((c) => describe(messages, "certainty", `${c.name}.fails`));
  return h("details", { class: "explanation" }, h("summary", {}, messages.whatWasRead), descriptionList([
    [messages.httpStatus, [x.httpStatus ? `${x.httpStatus} (` : "", describe(messages, "statusFrom", x.statusFrom), x.httpStatus ? ")" : ""]],
    [messages.header, Object.entries(x.headers).sort().map(([name, value]) => h("p", {}, h("code", {}, `${name}: ${value}`)))],
    [messages.body, [describe(messages, "form", x.body), x.shape && " ", x.shape && h("code", {}, x.shape)]],
    [messages.code, x.rawCode ? h("code", {}, codeRead(x, messages)) : messages.none],
    [messages.place, placeOf(x.place, messages)],
    [messages.alsoSeen, x.others.map((o) => h("p", {}, h("code", {}, o.code), " ", ...placeOf(o, messages)))],
    [messages.doubts, doubts.map((doubt) => h("p", {}, doubt))],
    [messages.rules, x.rules.filter((r) => r.fits).map((r) => renderRule(r, messages))],
  ]));
}

/** Returns a code as received, and how it was read. @param {Explanation} x @param {Messages} messages */
function codeRead({ rawCode, code }, messages) {
  if (code === rawCode) return code;
  return code ? `${rawCode} \u2192 ${code}` : `${rawCode} (${messages.asData})`;
}

/** @param {Place} place @param {Messages} messages @returns {import("./dom.js").Child[]} */
function placeOf({ path, inText }, messages) {
  return [path && h("code", {}, path), path && inText && " ", inText && messages.inText].filter(Boolean);
}

/** @param {Explanation["rules"][number]} rule @param {Messages} messages */
function renderRule({ name, chosen, code, reason }, messages) {
  return h("p", {}, h(chosen ? "strong" : "span", {}, describe(messages, "rule", name)), ` (${chosen ? messages.ruleApplies : messages.ruleFits}) `,
    code && h("code", {}, code), " ", h("code", {}, ...breakable(reason)));
}
