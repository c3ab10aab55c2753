// What the server knows of the codes, read once.

/** @typedef {{locale: string, message: string}} Text */
/**
 * @typedef {{code: string, number: number, httpStatus: number, status: string, reason: string, retry: string, outcome: string,
 *   wait?: string, texts: Text[], relatedCodes: string[], source: string, service: string, translatedLocales: string[]}} Entry
 */
/** @typedef {{name: string, comment: string, texts?: Record<string, string>}} Reason */
/** @typedef {{code: string, shape?: string, message?: string, as?: string}} Overlay what a code means elsewhere */
/** @typedef {{entries: Entry[], reasons: Reason[], overlays: Overlay[], locales: string[]}} Catalog */
/** @typedef {{words: string, status: string, retry: string, outcome: string}} Query */

/** @param {string} path @returns {Promise<any>} */
async function read(path) {
  const response = await fetch(path, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return response.json();
}

/** Reads the catalogue, page by page. @returns {Promise<Catalog>} */
export async function load() {
  const [{ reasons, overlays }, { locales }] = await Promise.all([read("explorer/catalog.json"), read("v1/locales")]);
  /** @type {Entry[]} */
  const entries = [];
  for (let token = "", first = true; first || token; first = false) {
    const page = await read(`v1/codes?pageSize=1000&pageToken=${encodeURIComponent(token)}`);
    entries.push(...page.entries.map(withShortNames));
    token = page.nextPageToken;
  }
  return { entries, reasons, overlays, locales };
}

/** The name of an enum value without its prefix, as errors have it; empty if unspecified. @param {string} value @param {string} prefix */
function shortName(value, prefix) {
  const name = value.replace(prefix, "");
  return name === "UNSPECIFIED" ? "" : name;
}

/** An entry of the server with short names. @param {Entry} entry @returns {Entry} */
const withShortNames = (entry) => ({
  ...entry,
  reason: shortName(entry.reason, "ERROR_REASON_"),
  retry: shortName(entry.retry, "RETRY_ADVICE_"),
  outcome: shortName(entry.outcome, "OUTCOME_"),
});

/** The API gateway numbers the codes of APIG and APIGW alike. @param {string} text */
const gatewayName = (text) => text.replace(/^apig\./i, "APIGW.");

/**
 * Finds a code in any letter case, or by its number: an entry for each of its meanings, none if it is unknown.
 * @param {Catalog} catalog
 * @param {string} code
 */
export function find(catalog, code) {
  const wanted = gatewayName(code.trim()).toUpperCase();
  return catalog.entries.filter((e) => e.code === wanted || (e.number > 0 && (e.code === `CBC.${wanted}` || String(e.number) === wanted)));
}

/** The HTTP status of an entry, in words where there is none. @param {Entry} entry @param {import("./words.js").Words} words */
export function httpStatusOf(entry, words) {
  return entry.httpStatus || (entry.service ? words.any : words.undocumented);
}

/**
 * The text in a language, else in the first there is.
 * @param {Entry} entry
 * @param {string} locale
 * @returns {Text}
 */
export function textOf(entry, locale) {
  return entry.texts.find((t) => t.locale === locale) ?? entry.texts[0] ?? { locale: "en", message: "" };
}

/** The entries that fit a query: every word of it in the code, the reason or a text, as the server's query has it. @param {Catalog} catalog @param {Query} query */
export function search(catalog, query) {
  const wanted = query.words.split(/\s+/).filter(Boolean).map((word) => gatewayName(word).toLowerCase());
  return catalog.entries.filter((e) => {
    const said = [e.code, e.reason, ...e.texts.map((t) => t.message)].join("\n").toLowerCase();
    return wanted.every((w) => said.includes(w)) && (!query.status || e.status === query.status) &&
      (!query.retry || e.retry === query.retry) && (!query.outcome || e.outcome === query.outcome);
  });
}

/** The values of a column, in order. @param {Catalog} catalog @param {"status" | "retry" | "outcome"} column */
export function values(catalog, column) {
  return [...new Set(catalog.entries.map((e) => e[column]))].filter(Boolean).sort();
}

/** A wait as people write it: 90 s. @param {string | undefined} wait */
export function waitOf(wait) {
  return (wait ?? "").replace(/\.0+s$/, "s").replace("s", " s");
}
