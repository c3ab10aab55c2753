// The words of the page: the server makes texts.js of the table that the command line speaks by too.
import { texts } from "./texts.js";

/** @typedef {typeof texts.en} Words */

const locales = /** @type {(keyof typeof texts)[]} */ (Object.keys(texts));

/** The language that the page speaks for a locale: the one of the same primary language, else English. @param {string} locale */
export function languageOf(locale) {
  return locales.find((tag) => tag.split("-")[0] === locale.split("-")[0]) ?? "en";
}

/** @param {string} locale @returns {Words} */
export function wordsFor(locale) {
  return texts[languageOf(locale)];
}

/** What a constant means, else its name. @param {Words} words @param {string} kind @param {string} name */
export function meaning(words, kind, name) {
  return /** @type {Record<string, string>} */ (words)[`${kind}.${name}`] ?? name;
}

/** A text with its value. @param {string} text @param {string | number} value */
export function filled(text, value) {
  return text.replace("{}", () => String(value));
}
