// @ts-check
/**
 * Lets clients of the SDK of Huawei Cloud (@huaweicloud/huaweicloud-sdk-core) throw translated errors of the CBC:
 *
 *     const client = throwFailures(new ClientBuilder((hcClient) => hcClient, "GlobalCredentials")….build(), translator);
 *
 * A call that the CBC refuses then throws an exception of the SDK that is also a `CbcFailure`, even if the CBC answers with
 * HTTP 200. If cbcerrd does not answer in time, or refuses, the call ends as it does without this module, and the process
 * emits a warning. It runs in Node.js.
 *
 * @module
 */

import { ServiceResponseException } from "@huaweicloud/huaweicloud-sdk-core/exception/ServiceResponseException.js";
import { CbcFailure } from "./cbcerr.js";

/** @import { MessageInitShape } from "@bufbuild/protobuf" */
/** @import { HttpRequestOptions } from "@huaweicloud/huaweicloud-sdk-core/HcClient.js" */
/** @import { RawResponseSchema } from "./gen/cbc/error/v1/translation_pb.js" */
/** @import { TranslateRequestSchema, TranslateResponse } from "./gen/cbc/error/v1/translation_service_pb.js" */

/**
 * A client of TranslationService that obeys `timeoutMs`, such as `createClient(TranslationService, transport)` of Connect.
 *
 * @typedef {object} Translator
 * @property {(request: MessageInitShape<typeof TranslateRequestSchema>, options: { timeoutMs: number }) => Promise<TranslateResponse>} translate
 */

/**
 * `locales`: languages of texts, such as "zh-CN". `timeoutMs`: deadline of a call to cbcerrd; the default is 1000.
 *
 * @typedef {{ locales?: string[], timeoutMs?: number }} Options
 */

/**
 * An exception of the SDK with its meaning. `body` is the body of the response. After a partial failure it has what
 * succeeded, such as `order_ids`.
 *
 * @typedef {ServiceResponseException & CbcFailure & { readonly body: string | Uint8Array }} SdkFailure
 */

/** @typedef {MessageInitShape<typeof RawResponseSchema>} RawResponse */

const MAX_BODY = 1 << 20; // the server's default
const HEADERS = ["Content-Type", "Date", "HW-AJAX-REDIRECT", "Retry-After", "X-Request-Id"]; // those that the server uses
const ERROR_TYPE = /^\s*([^/;]*|text\/plain|(?!image\/)[^/;]+\/([^;]*\+)?(x-)?(json|xml|x?html|javascript))\s*(;|$)/i;

/**
 * Lets the calls of a client throw failures. It calls cbcerrd after every response. Concurrent calls are safe.
 *
 * @template {{ sendRequest(options: HttpRequestOptions): Promise<any> }} Client
 * @param {Client} client - The HcClient of the SDK. It is changed.
 * @param {Translator} translator
 * @param {Options} [options]
 * @returns {Client} The same client.
 */
export function throwFailures(client, translator, options) {
  const { transformResponse } = /** @type {any} */ (client).httpClient._axiosInstance.defaults; // there is no other access
  const sendRequest = client.sendRequest.bind(client);
  client.sendRequest = async (/** @type {any} */ request) => {
    /** @type {any} */
    let response;
    const axiosRequestConfig = { transformResponse, ...request.axiosRequestConfig };
    axiosRequestConfig.transformResponse = [
      (/** @type {any[]} */ ...[data, headers, status]) => (response = { data, headers, status }).data,
      axiosRequestConfig.transformResponse,
    ].flat();
    const call = sendRequest({ ...request, axiosRequestConfig });
    const exception = await call.then(() => undefined, (e) => e);
    const raw = response && (!exception || exception.httpStatusCode === response.status) && rawResponse(response);
    const failure = raw && (await translate(raw, translator, options));
    if (failure) throw describe(exception ?? exceptionOf(response, failure), failure, response.data);
    return call;
  };
  return client;
}

/**
 * Returns the failure that an exception of the SDK stands for, for code that has only the exception. It is the same
 * exception, described. It lacks what the SDK drops: failed items, Retry-After, and errors with HTTP 200.
 *
 * @param {unknown} exception
 * @param {Translator} translator
 * @param {Options} [options]
 * @returns {Promise<SdkFailure | undefined>} The failure; undefined if the exception has no response, and if cbcerrd does
 * not answer in time.
 */
export async function fromException(exception, translator, options) {
  if (!(exception instanceof ServiceResponseException) || !exception.httpStatusCode) return undefined;
  if (exception instanceof CbcFailure) return /** @type {SdkFailure} */ (exception);
  const { errorCode: error_code, errorMsg: error_msg, encodedAuthorizationMessage: encoded_authorization_message } = exception;
  const body = JSON.stringify({ error_code, error_msg, encoded_authorization_message });
  const headers = { "X-Request-Id": exception.requestId ?? "" };
  const value = /** @type {string} */ (startOf(body));
  if (value !== body) Object.assign(headers, { "Content-Length": String(Buffer.byteLength(body)) }); // the body is cut
  const raw = { httpStatus: Number(exception.httpStatusCode), headers, body: { case: /** @type {const} */ ("text"), value } };
  const failure = await translate(raw, translator, options);
  return failure && describe(exception, failure, body);
}

/**
 * Returns what to translate of a response; undefined if it cannot be an error, or its body cannot be read.
 *
 * @param {{ data: any, headers: any, status: number }} response - What axios received.
 * @returns {RawResponse | undefined}
 */
function rawResponse({ data, headers, status }) {
  const isReadable = typeof data === "string" || data instanceof Uint8Array;
  const isData = !ERROR_TYPE.test(headers.get("Content-Type") ?? "");
  if (status < 400 && (!isReadable || isData || startOf(data) !== data || status === 206 || status === 304)) return undefined;
  const body = isReadable ? { case: typeof data === "string" ? "text" : "raw", value: startOf(data) } : undefined;
  const entries = HEADERS.filter((name) => headers.has(name)).map((name) => [name, String(headers.get(name))]);
  if (!isReadable) entries.push(["Content-Length", "1"]); // axios dropped the body
  else if (startOf(data) !== data) entries.push(["Content-Length", String(Buffer.byteLength(data))]); // the body is cut
  return { httpStatus: status, headers: Object.fromEntries(entries), body: /** @type {RawResponse["body"]} */ (body) };
}

/**
 * Returns the longest start of a body that has at most MAX_BODY bytes: the body itself if it is short enough.
 *
 * @param {string | Uint8Array} body
 */
function startOf(body) {
  if (typeof body !== "string") return body.length > MAX_BODY ? body.subarray(0, MAX_BODY) : body;
  const mayBeLonger = body.length * 3 > MAX_BODY; // a UTF-16 code unit has at most 3 bytes
  return mayBeLonger ? body.slice(0, new TextEncoder().encodeInto(body, new Uint8Array(MAX_BODY)).read) : body;
}

/**
 * Returns the failure of a response; undefined if upstream succeeded, or cbcerrd cannot tell.
 *
 * @param {RawResponse} response
 * @param {Translator} translator
 * @param {Options} [options]
 */
async function translate(response, translator, { locales = [], timeoutMs = 1000 } = {}) {
  const call = translator.translate({ response, locales }, { timeoutMs });
  const answer = await call.catch((e) => void process.emitWarning(`cbcerrd did not translate a response: ${e}`, "CbcerrWarning"));
  return CbcFailure.fromTranslation(answer?.translation);
}

/**
 * Returns the exception that the SDK lacks for a response below HTTP 400.
 *
 * @param {{ headers: any, status: number }} response
 * @param {CbcFailure} failure
 */
function exceptionOf({ headers, status }, { error }) {
  return new ServiceResponseException(status, error.status.message, error.code, headers.get("X-Request-Id") ?? undefined);
}

/**
 * Adds its meaning to an exception, in properties that are not enumerable: logs of the exception stay as they are.
 *
 * @param {ServiceResponseException} exception
 * @param {CbcFailure} failure
 * @param {string | Uint8Array} body
 */
function describe(exception, { error, items }, body) {
  for (const [name, value] of Object.entries({ error, items, body })) Object.defineProperty(exception, name, { value, configurable: true });
  return /** @type {SdkFailure} */ (exception);
}
