// Parses a pasted response: a body alone, or a transcript as printed by curl -i.

/** @typedef {{httpStatus: number, headers: Record<string, string>, body: string}} Transcript httpStatus is 0 if there is no status line */

const statusLine = /^HTTP\/\d(?:\.\d)? ([1-5]\d\d)(?:[ \t][^\r\n]*)?(?:\r?\n|$)/;
const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*?)[ \t]*(?:\r?\n|$)/;
const continuationLine = /^[ \t]+[^\r\n]*\r?\n/;
const emptyLine = /^\r?(?:\n|$)/;

/** Headers that the service reads. Others, such as cookies, are not sent. */
const relevantHeaders = ["content-type", "retry-after", "date", "x-request-id", "hw-ajax-redirect"];

/**
 * Parses a transcript. If it has several responses (100 Continue, a proxy's, redirects), the last one counts.
 * @param {string} text
 * @returns {Transcript}
 */
export function parseTranscript(text) {
  /** @type {Transcript} */
  let transcript = { httpStatus: 0, headers: {}, body: text };
  let rest = text.replace(/^[\ufeff\s]+/, "");
  for (let line = statusLine.exec(rest); line; line = statusLine.exec(rest)) {
    const { headers, body } = parseHeaders(rest.slice(line[0].length));
    transcript = { httpStatus: Number(line[1]), headers, body };
    rest = body;
  }
  return transcript;
}

/** @param {string} text @returns {{headers: Record<string, string>, body: string}} */
function parseHeaders(text) {
  /** @type {Record<string, string>} */
  const headers = {};
  let rest = text;
  for (let line = headerLine.exec(rest); line; line = headerLine.exec(rest)) {
    const [all, name = "", value = ""] = line;
    const key = name.toLowerCase();
    if (relevantHeaders.includes(key)) headers[key] ??= key === "content-type" ? withoutCharset(value) : value;
    rest = rest.slice(all.length);
    for (let line = continuationLine.exec(rest); line; line = continuationLine.exec(rest)) rest = rest.slice(line[0].length);
  }
  return { headers, body: rest.replace(emptyLine, "") };
}

/** Removes the parameters of a media type: pasted text is Unicode, whatever its charset was. @param {string} mediaType */
function withoutCharset(mediaType) {
  return mediaType.split(";")[0] ?? "";
}
