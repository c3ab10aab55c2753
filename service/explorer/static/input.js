// What users give to the page: text in the box, or a file.

/**
 * Content of the start page. It survives a change of language and of page. Of a file, either text or raw (base64) is set.
 * @typedef {{name: string, text?: string, raw?: string}} DroppedFile
 * @typedef {{text: string, file: DroppedFile | null, status: string, site: string}} Draft
 */
/** @typedef {{response: {httpStatus?: number, text?: string, raw?: string, origin?: {site: string}}, locales: string[]}} TranslateRequest */

/** Marks of a response or of a program's error: several lines, JSON, markup, a box, a status line, a labelled code. */
const marks = /[\n{<\u2502]|HTTP\/\d|(?:error|err)[_-]?code["']?\s*[:=]/i;

/** A code among other words. */
const codeInWords = /[a-z]\.\d{4,}.*\s\S|\s.*[a-z]\.\d{4,}/i;

/** A longer text is no query. */
const maxQueryLength = 200;

/** Reports whether a text may be a copy of a response, and not a code or words to search for. @param {string} text */
export function looksLikeResponse(text) {
  const trimmed = text.trim();
  return marks.test(trimmed) || codeInWords.test(trimmed) || trimmed.length > maxQueryLength;
}

/** Returns the request that translates a draft. @param {Draft} draft @param {string} locale @returns {TranslateRequest} */
export function requestFor({ text, file, status, site }, locale) {
  const body = file?.raw ? { raw: file.raw } : { text: file?.text ?? text };
  return { response: { ...(status && { httpStatus: Number(status) }), ...body, ...(site && { origin: { site } }) }, locales: [locale] };
}

/** Maximum size of a file in MiB. */
export const maxFileMiB = 8;

/** A longer text is not shown in the box. */
const maxBoxLength = 64 << 10;

/**
 * Reads a file as the text or the file of a draft; null if it is too large.
 * @param {File} file
 * @returns {Promise<{text: string, file: DroppedFile | null} | null>}
 */
export async function readFile(file) {
  if (file.size > maxFileMiB << 20) return null;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = decode(bytes);
  if (text === null) return { text: "", file: { name: file.name, raw: encodeBase64(bytes) } };
  return text.length > maxBoxLength ? { text: "", file: { name: file.name, text } } : { text, file: null };
}

/** Returns the text of UTF-8; null for any other bytes. @param {Uint8Array} bytes */
function decode(bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

/** @param {Uint8Array} bytes */
function encodeBase64(bytes) {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 4096) binary += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return btoa(binary);
}
