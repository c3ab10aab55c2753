// The server's catalog, loaded once.

/** @typedef {{locale: string, message: string}} Text */
/**
 * @typedef {{code: string, number: number, httpStatus: number, status: string, reason: string, retry: string, outcome: string,
 *   wait?: string, texts: Text[], advice: Text[], relatedCodes: string[], source: string, service: string, translatedLocales: string[]}} Entry
 */
/** @typedef {{name: string, advice: Record<string, string>, texts?: Record<string, string>}} Reason */
/** @typedef {{code: string, shape?: string, message?: string, as?: string}} Overlay another meaning of a code, under a condition */
/** @typedef {{grpcAddr: string, tls: boolean}} Server */
/** @typedef {{entries: Entry[], reasons: Reason[], overlays: Overlay[], locales: string[], server: Server}} Catalog */

/** @param {string} path @param {AbortSignal} [signal] @returns {Promise<any>} */
async function fetchJson(path, signal) {
  const response = await fetch(path, { headers: { Accept: "application/json" }, ...(signal && { signal }) });
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return response.json();
}

/** Loads all pages of the catalog. @returns {Promise<Catalog>} */
export async function loadCatalog() {
  const [{ reasons, overlays }, { locales }, server] =
    await Promise.all(["explorer/catalog.json", "v1/locales", "explorer/server.json"].map((path) => fetchJson(path)));
  /** @type {Entry[]} */
  const entries = [];
  for (let token = "", first = true; first || token; first = false) {
    const page = await fetchJson(`v1/codes?pageSize=1000&pageToken=${encodeURIComponent(token)}`);
    entries.push(...page.entries.map(withShortNames));
    token = page.nextPageToken;
  }
  return { entries, reasons, overlays, locales, server };
}

/** Removes the prefix of an enum value's name; empty if it is unspecified. @param {string} value @param {string} prefix */
function shortName(value, prefix) {
  const name = value.replace(prefix, "");
  return name === "UNSPECIFIED" ? "" : name;
}

/** Returns the entry with the names of enum values as ErrorInfo has them. @param {Entry} entry @returns {Entry} */
const withShortNames = (entry) => ({
  ...entry,
  reason: shortName(entry.reason, "ERROR_REASON_"),
  retry: shortName(entry.retry, "RETRY_ADVICE_"),
  outcome: shortName(entry.outcome, "OUTCOME_"),
});

/** Replaces the prefix APIG by APIGW: the catalog has both under APIGW. @param {string} text */
const normalizeGatewayPrefix = (text) => text.replace(/^apig\./i, "APIGW.");

/**
 * Returns the entries of a code, one for each of its meanings. The code may be in any letter case, or a number.
 * @param {Catalog} catalog
 * @param {string} code
 */
export function findByCode(catalog, code) {
  const wanted = normalizeGatewayPrefix(code.trim()).toUpperCase();
  return catalog.entries.filter((e) => e.code === wanted || (e.number > 0 && (e.code === `CBC.${wanted}` || String(e.number) === wanted)));
}

/** Returns the HTTP status of an entry, or a message if it has none. @param {Entry} entry @param {import("./messages.js").Messages} messages */
export function httpStatusText(entry, messages) {
  return entry.httpStatus || (entry.service ? messages.any : messages.undocumented);
}

/** Returns the text in a locale, else the first text. @param {Text[]} texts @param {string} locale @returns {Text} */
const pick = (texts, locale) => texts.find((t) => t.locale === locale) ?? texts[0] ?? { locale: "en", message: "" };

/** Returns the text of an entry in a locale, else the first text. @param {Entry} entry @param {string} locale */
export const textFor = (entry, locale) => pick(entry.texts, locale);

/** Returns what an entry says to do, in a locale if there is such a text. @param {Entry} entry @param {string} locale */
export const adviceFor = (entry, locale) => pick(entry.advice, locale);

/** The maximum number of results; more would slow down the page. */
export const maxResults = 500;

/** The longest query that the server accepts, in UTF-16 units of at most 3 bytes. */
const maxQueryLength = 85;

/** Asks the server for the entries that match words. @param {string} words @param {AbortSignal} signal @returns {Promise<Entry[]>} */
export async function searchEntries(words, signal) {
  const query = new URLSearchParams({ pageSize: String(maxResults), query: words.slice(0, maxQueryLength) });
  const { entries } = await fetchJson(`v1/codes?${query}`, signal);
  return entries.map(withShortNames);
}

/** Returns the sorted values of a column. @param {Catalog} catalog @param {"status" | "retry" | "outcome"} column */
export function columnValues(catalog, column) {
  return [...new Set(catalog.entries.map((e) => e[column]))].filter(Boolean).sort();
}

/** Formats a Duration of protobuf's JSON, such as 90 s; empty if there is none. @param {string | undefined} duration */
export function formatDuration(duration) {
  return (duration ?? "").replace(/\.0+s$/, "s").replace("s", " s");
}
