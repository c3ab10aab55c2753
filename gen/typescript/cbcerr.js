// @ts-check
/**
 * Reads errors of Huawei Cloud's billing and operations APIs (CBC, also named BSS) that cbcerr has translated. The modules
 * `cbcerr/cbc/error/v1/*_pb.js` have the generated messages and services; this one has what every program needs to handle
 * an error. It makes no calls, keeps no state, and runs in browsers and in Node.js.
 *
 * @module
 */

import { create, createRegistry, fromBinary, getOption, hasOption } from "@bufbuild/protobuf";
import { AnySchema, anyPack, anyUnpack, durationMs, file_google_protobuf_struct } from "@bufbuild/protobuf/wkt";
import { ErrorCodeSchema } from "./gen/cbc/error/v1/error_code_pb.js";
import { meaning as meaningOption } from "./gen/cbc/error/v1/meaning_pb.js";
import { CbcErrorSchema, file_cbc_error_v1_cbc_error } from "./gen/cbc/error/v1/cbc_error_pb.js";
import { ErrorInfoSchema, RetryInfoSchema, file_google_rpc_error_details } from "./gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "./gen/google/rpc/status_pb.js";

/** @import { DescMessage, MessageShape } from "@bufbuild/protobuf" */
/** @import { Any } from "@bufbuild/protobuf/wkt" */
/** @import { CbcError as Detail } from "./gen/cbc/error/v1/cbc_error_pb.js" */
/** @import { ErrorCode } from "./gen/cbc/error/v1/error_code_pb.js" */
/** @import { Meaning } from "./gen/cbc/error/v1/meaning_pb.js" */
/** @import { Translation } from "./gen/cbc/error/v1/translation_pb.js" */
/** @import { Status } from "./gen/google/rpc/status_pb.js" */

export * from "./grpc.js";

/** Domain of the google.rpc.ErrorInfo of every translated error. */
export const DOMAIN = "cbc.huaweicloud.com";

/**
 * Types of all details. REST responses need it:
 * `fromJson(TranslationSchema, json, { registry, ignoreUnknownFields: true })`.
 */
export const registry = createRegistry(file_google_rpc_error_details, file_cbc_error_v1_cbc_error, file_google_protobuf_struct);

/**
 * A translated error of the CBC. Log `code`, branch on `reason`, show `message`. Text that the status does not have is
 * empty.
 */
export class CbcError {
  /**
   * @param {string} code
   * @param {Status} status
   * @param {MessageShape<typeof ErrorInfoSchema>} info
   * @private
   */
  constructor(code, status, info) {
    /** Upstream's code in its canonical spelling, such as `CBC.0250`; empty if there is none. @readonly */
    this.code = code;
    /** Typed detail, with enums and the code as received; empty if the status has none. @type {Detail} @readonly */
    this.detail = detailOf(status, CbcErrorSchema) ?? create(CbcErrorSchema);
    /** Number of the code in `ErrorCode`, also of a code that is newer; 0 if it has none. @type {number} @readonly */
    this.number = this.detail.code || numberOf(code);
    /** Constant to branch on, such as `REQUEST_THROTTLED`: the name of an `ErrorReason`. @readonly */
    this.reason = info.reason;
    /** Retry advice for the call to upstream, such as `BACKOFF`: the name of a `RetryAdvice`. @readonly */
    this.retry = info.metadata.retry ?? "";
    /** Effect of the call to upstream, such as `NOT_APPLIED`: the name of an `Outcome`. @readonly */
    this.outcome = info.metadata.outcome ?? "";
    /** Text for users, in the language of `locale`. @readonly */
    this.message = info.metadata.message ?? "";
    /** BCP 47 tag, such as `zh-CN`. @readonly */
    this.locale = info.metadata.locale ?? "";
    /** What to do, in one sentence for users. @readonly */
    this.advice = info.metadata.advice ?? "";
    const delay = detailOf(status, RetryInfoSchema)?.retryDelay;
    /** Recommended delay before a retry, in milliseconds; undefined if none is recommended. @readonly */
    this.retryDelayMs = delay && durationMs(delay);
    /** Whole status as received. @readonly */
    this.status = status;
  }

  /**
   * Returns the translated error of a failed call, such as Raise: of a ConnectError or of a ServiceError of grpc-js.
   *
   * @param {unknown} error - The error that was thrown. The call's error may also be one of its causes.
   * @returns {CbcError | undefined} The translated error; undefined for an error of cbcerr itself and for a network error.
   */
  static fromError(error) {
    const seen = new Set(); // the causes may form a cycle
    for (let e = error; e && !seen.has(e); e = attempt(() => /** @type {{cause?: unknown}} */ (e).cause)) {
      const status = attempt(() => statusOf(e));
      if (status) return CbcError.fromStatus(status);
      seen.add(e);
    }
    return undefined;
  }

  /**
   * Returns the translated error of a status. Details that cannot be decoded are ignored.
   *
   * @param {Status | undefined} status - A status of Translate, BatchTranslate or StreamTranslate, or of a failed item.
   * @returns {CbcError | undefined} The translated error; undefined if upstream succeeded, and for a status of another
   * system.
   */
  static fromStatus(status) {
    const info = status && detailOf(status, ErrorInfoSchema);
    return status && info?.domain === DOMAIN ? new CbcError(info.metadata.code ?? "", status, info) : undefined;
  }

  /**
   * Reports whether the advice permits a retry of the call to upstream, after a delay: upstream rejected it before
   * executing it, or failed internally and a second call cannot take effect twice.
   *
   * @param {boolean} idempotent - Whether executing the call twice has the same effect as executing it once.
   * @returns {boolean} Whether a retry is permitted; false for advice that is newer than this package.
   */
  shouldRetry(idempotent) {
    if (this.retry === "BACKOFF_IF_IDEMPOTENT") return idempotent || this.outcome === "NOT_APPLIED";
    return this.retry === "BACKOFF";
  }
}

/**
 * A failed item of a call for many. `id` is what upstream gives the item: the ID of a resource, customer or quota; empty
 * if it gives none. `error` is undefined if the status of the item is not a translated error.
 *
 * @typedef {{ readonly id: string, readonly error: CbcError | undefined }} FailedItem
 */

/**
 * A failed call to the CBC: the exception to throw for a translated error. An exception of the SDK of Huawei Cloud that
 * `cbcerr/huaweicloud` has translated is an instance too.
 */
export class CbcFailure extends Error {
  /**
   * @param {CbcError} error
   * @param {readonly FailedItem[]} items
   */
  constructor(error, items = []) {
    super(`${error.code} ${error.reason}: ${error.status.message}`.trimStart());
    this.name = "CbcFailure";
    /** What the response means. @readonly */
    this.error = error;
    /** Items that failed; empty if the call failed as a whole. @readonly */
    this.items = items;
  }

  /**
   * Returns the failure that a translation describes.
   *
   * @param {Translation | undefined} translation - The result of Translate, BatchTranslate or StreamTranslate.
   * @returns {CbcFailure | undefined} The failure; undefined if upstream succeeded.
   */
  static fromTranslation(translation) {
    const error = CbcError.fromStatus(translation?.status);
    const items = translation?.items.map(({ id, status }) => ({ id, error: CbcError.fromStatus(status) }));
    return error && new CbcFailure(error, items);
  }

  /**
   * Reports whether a value is an exception with an error and items: it may have the class of an SDK.
   *
   * @param {any} value
   */
  static [Symbol.hasInstance](value) {
    if (this !== CbcFailure) return super[Symbol.hasInstance](value);
    return value instanceof Error && "error" in value && value.error instanceof CbcError && "items" in value;
  }
}

/**
 * Returns the meaning of a code in the catalogue of this version. It makes no call.
 *
 * @param {number | string} code - A number such as 5003, or text with or without the prefix, in any letter case, such as "CBC.5003".
 * @returns {Meaning | undefined} The meaning; undefined for an unknown code.
 * @throws {TypeError} If the code is neither an integer nor a string.
 */
export function meaning(code) {
  if (typeof code !== "string" && !Number.isInteger(code)) throw new TypeError(`code: ${typeof code}, not an integer or a string`);
  const number = typeof code === "string" ? numberOf(`CBC.${code.replace(/^CBC\./i, "")}`) : code;
  const value = ErrorCodeSchema.value[/** @type {ErrorCode} */ (number)];
  return value && hasOption(value, meaningOption) ? getOption(value, meaningOption) : undefined;
}

/**
 * Returns the status of an error; undefined if it has none. Throws if the status cannot be decoded.
 *
 * It tests for properties and not for a class: a program may load two copies of a library.
 *
 * @param {any} error
 * @returns {Status | undefined}
 */
function statusOf({ code, rawMessage, details, metadata }) {
  if (typeof rawMessage === "string" && Array.isArray(details)) { // a ConnectError
    return create(StatusSchema, { code, message: rawMessage, details: details.map(toAny) });
  }
  const bytes = metadata?.get?.("grpc-status-details-bin")?.[0];
  return ArrayBuffer.isView(bytes) ? fromBinary(StatusSchema, /** @type {Uint8Array} */ (bytes)) : undefined;
}

/**
 * Converts a detail of a ConnectError. An outgoing detail has a descriptor; an incoming one has only a type name and bytes.
 *
 * @param {any} detail
 * @returns {Any}
 */
function toAny({ desc, type, value }) {
  if (desc) return anyPack(desc, create(desc, value));
  return create(AnySchema, { typeUrl: `type.googleapis.com/${type}`, value });
}

/**
 * Returns the first detail of a type that can be decoded.
 *
 * @template {DescMessage} Schema
 * @param {Status} status
 * @param {Schema} schema
 * @returns {MessageShape<Schema> | undefined}
 */
function detailOf(status, schema) {
  for (const any of status.details) {
    const detail = attempt(() => anyUnpack(any, schema));
    if (detail) return detail;
  }
  return undefined;
}

/**
 * Returns the result of a function; undefined if it throws.
 *
 * @template T
 * @param {() => T} f
 * @returns {T | undefined}
 */
function attempt(f) {
  try {
    return f();
  } catch {
    return undefined;
  }
}

/**
 * Returns the number of a code of 4 digits, or of 8 that do not begin with 0; else 0. The typed detail lacks the number if
 * it was read from JSON that names a code newer than this package.
 *
 * @param {string} code
 */
function numberOf(code) {
  if (code === "CBC.0000") return 10000;
  return Number(/^CBC\.([0-9]{4}|[1-9][0-9]{7})$/.exec(code)?.[1] ?? 0);
}
