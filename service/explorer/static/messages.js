// Messages of the page in the user's language. The server generates texts.js from the table that the command line uses too.
import { texts } from "./texts.js";

/** @typedef {typeof texts.en} Messages */

const languages = /** @type {(keyof typeof texts)[]} */ (Object.keys(texts));

/** Returns the page's language for a locale: the one with the same primary language, else English. @param {string} locale */
export function languageFor(locale) {
  return languages.find((tag) => tag.split("-")[0] === locale.split("-")[0]) ?? "en";
}

/** @param {string} locale @returns {Messages} */
export function messagesFor(locale) {
  return texts[languageFor(locale)];
}

/** Returns the description of a constant, or its name if it has none. @param {Messages} messages @param {string} kind @param {string} name */
export function describe(messages, kind, name) {
  return /** @type {Record<string, string>} */ (messages)[`${kind}.${name}`] ?? name;
}

/** Replaces the placeholder {} of a message. @param {string} message @param {string | number} value */
export function format(message, value) {
  return message.replace("{}", () => String(value));
}
