// Reads what people paste of a response: its body, or the whole of it as curl -i prints it.

/** @typedef {{httpStatus: number, headers: Record<string, string>, body: string}} Pasted httpStatus is 0 without a head */

const statusLine = /^HTTP\/\d(?:\.\d)? ([1-5]\d\d)(?:[ \t][^\r\n]*)?(?:\r?\n|$)/;
const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*?)[ \t]*(?:\r?\n|$)/;
const foldedLine = /^[ \t]+[^\r\n]*\r?\n/;
const emptyLine = /^\r?(?:\n|$)/;

/** The headers that the service reads; others, such as cookies, are nobody's business. */
const read = ["content-type", "retry-after", "date", "x-request-id", "hw-ajax-redirect"];

/**
 * Of several heads (100 Continue, a proxy's, those of redirects) the last counts.
 * @param {string} text
 * @returns {Pasted}
 */
export function readPasted(text) {
  /** @type {Pasted} */
  let pasted = { httpStatus: 0, headers: {}, body: text };
  let rest = text.replace(/^[\ufeff\s]+/, "");
  for (let line = statusLine.exec(rest); line; line = statusLine.exec(rest)) {
    const { headers, body } = readHead(rest.slice(line[0].length));
    pasted = { httpStatus: Number(line[1]), headers, body };
    rest = body;
  }
  return pasted;
}

/** @param {string} text @returns {{headers: Record<string, string>, body: string}} */
function readHead(text) {
  /** @type {Record<string, string>} */
  const headers = {};
  let rest = text;
  for (let line = headerLine.exec(rest); line; line = headerLine.exec(rest)) {
    const [all, name = "", value = ""] = line;
    const key = name.toLowerCase();
    if (read.includes(key)) headers[key] ??= key === "content-type" ? (value.split(";")[0] ?? "") : value; // what was pasted is text, whatever charset it had
    rest = rest.slice(all.length);
    for (let folded = foldedLine.exec(rest); folded; folded = foldedLine.exec(rest)) rest = rest.slice(folded[0].length);
  }
  return { headers, body: rest.replace(emptyLine, "") };
}
