// @ts-check
/**
 * Errors of Huawei Cloud's billing and operations APIs (CBC, also named BSS), as the service cbcerr translates them. The
 * messages and services are generated, in `cbcerr/cbc/error/v1/*_pb.js`; this module has the few words that every program
 * needs. It asks nobody, keeps nothing, and runs in browsers as well as in Node.js.
 *
 * @module
 */

import { create, createRegistry, fromBinary, getOption, hasOption, toBinary } from "@bufbuild/protobuf";
import { AnySchema, anyPack, anyUnpack, durationMs, file_google_protobuf_struct } from "@bufbuild/protobuf/wkt";
import { ErrorCodeSchema } from "./gen/cbc/error/v1/error_code_pb.js";
import { meaning as meaningOption } from "./gen/cbc/error/v1/meaning_pb.js";
import { CbcErrorSchema, file_cbc_error_v1_cbc_error } from "./gen/cbc/error/v1/cbc_error_pb.js";
import { ErrorInfoSchema, RetryInfoSchema, file_google_rpc_error_details } from "./gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "./gen/google/rpc/status_pb.js";

/** @import { DescMessage, DescMethod, DescService, MessageShape } from "@bufbuild/protobuf" */
/** @import { Any } from "@bufbuild/protobuf/wkt" */
/** @import { CbcError as Detail } from "./gen/cbc/error/v1/cbc_error_pb.js" */
/** @import { ErrorCode } from "./gen/cbc/error/v1/error_code_pb.js" */
/** @import { Meaning } from "./gen/cbc/error/v1/meaning_pb.js" */
/** @import { Status } from "./gen/google/rpc/status_pb.js" */

/** The domain of the google.rpc.ErrorInfo of every translated error. */
export const DOMAIN = "cbc.huaweicloud.com";

/**
 * The types of all details, for `fromJson(TranslationSchema, json, { registry, ignoreUnknownFields: true })` of an answer
 * over REST.
 */
export const registry = createRegistry(file_google_rpc_error_details, file_cbc_error_v1_cbc_error, file_google_protobuf_struct);

/**
 * An error of the CBC, translated. Quote `code`, branch on `reason`, show `message`. What was not said is empty.
 */
export class CbcError {
  /**
   * @param {string} code
   * @param {Status} status
   * @param {MessageShape<typeof ErrorInfoSchema>} info
   * @private
   */
  constructor(code, status, info) {
    /** Upstream's code in its canonical spelling, such as `CBC.0250`. @readonly */
    this.code = code;
    /** The same by typed enums, and more. @type {Detail} @readonly */
    this.detail = detailOf(status, CbcErrorSchema) ?? create(CbcErrorSchema);
    /**
     * The number of the code in `ErrorCode`, also of a code that is newer than this package; 0 where it has none.
     * @type {number}
     * @readonly
     */
    this.number = this.detail.code || numberOf(code);
    /** The constant to branch on, such as `REQUEST_THROTTLED`: a name of `ErrorReason`. @readonly */
    this.reason = info.reason;
    /** The advice by its name in `RetryAdvice`, such as `BACKOFF`. @readonly */
    this.retry = info.metadata.retry ?? "";
    /** What became of the effect, by its name in `Outcome`, such as `NOT_APPLIED`. @readonly */
    this.outcome = info.metadata.outcome ?? "";
    /** The text for people, in the language of `locale`. @readonly */
    this.message = info.metadata.message ?? "";
    /** A BCP 47 tag, such as `zh-CN`. @readonly */
    this.locale = info.metadata.locale ?? "";
    const delay = detailOf(status, RetryInfoSchema)?.retryDelay;
    /** How many milliseconds to wait before a repetition; undefined where the error does not say. @readonly */
    this.retryDelayMs = delay && durationMs(delay);
    /** All that was received. @readonly */
    this.status = status;
  }

  /**
   * Reads the error of Raise: a ConnectError, or a ServiceError of grpc-js, also as the cause of another error. Undefined
   * where it is no error of the CBC, but the service's own or one of the network.
   *
   * @param {unknown} error
   * @returns {CbcError | undefined}
   */
  static fromError(error) {
    const seen = new Set(); // a cause may lead back to itself
    for (let e = error; e && !seen.has(e); e = readable(() => /** @type {{cause?: unknown}} */ (e).cause)) {
      const status = readable(() => statusOf(e));
      if (status) return CbcError.fromStatus(status);
      seen.add(e);
    }
    return undefined;
  }

  /**
   * Reads a status of Translate, BatchTranslate and StreamTranslate, or of a failed item. Undefined where it is no error of
   * the CBC: upstream succeeded, or it is another system's. A detail that cannot be read counts as not there.
   *
   * @param {Status | undefined} status
   * @returns {CbcError | undefined}
   */
  static fromStatus(status) {
    const info = status && detailOf(status, ErrorInfoSchema);
    return status && info?.domain === DOMAIN ? new CbcError(info.metadata.code ?? "", status, info) : undefined;
  }

  /**
   * Tells whether the call to upstream is worth repeating, after a wait: where upstream turned it away unexecuted, or where
   * it failed inside and repeating it cannot do the thing twice. An advice that is newer than this package counts as no.
   *
   * @param {boolean} idempotent
   * @returns {boolean}
   */
  shouldRetry(idempotent) {
    if (this.retry === "BACKOFF_IF_IDEMPOTENT") return idempotent || this.outcome === "NOT_APPLIED";
    return this.retry === "BACKOFF";
  }
}

/**
 * What the catalogue that this package was generated from says of a code; undefined for one that it does not have.
 *
 * @param {number} number
 * @returns {Meaning | undefined}
 */
export function meaning(number) {
  const value = ErrorCodeSchema.value[/** @type {ErrorCode} */ (number)];
  return value && hasOption(value, meaningOption) ? getOption(value, meaningOption) : undefined;
}

/**
 * What grpc-js sends: a Buffer, where there are Buffers.
 *
 * @typedef {typeof globalThis extends { Buffer: { alloc(size: number): infer B } } ? B : Uint8Array} Bytes
 */

/**
 * A method as grpc-js wants it.
 *
 * @template {DescMessage} Input
 * @template {DescMessage} Output
 * @typedef {object} MethodDefinition
 * @property {string} path
 * @property {boolean} requestStream
 * @property {boolean} responseStream
 * @property {(message: MessageShape<Input>) => Bytes} requestSerialize
 * @property {(bytes: Uint8Array) => MessageShape<Input>} requestDeserialize
 * @property {(message: MessageShape<Output>) => Bytes} responseSerialize
 * @property {(bytes: Uint8Array) => MessageShape<Output>} responseDeserialize
 */

/**
 * The methods of a service by their names, such as `batchTranslate`.
 *
 * @template {DescService} Service
 * @typedef {{ [Name in keyof Service["method"]]: MethodDefinition<Service["method"][Name]["input"], Service["method"][Name]["output"]> }} ServiceDefinition
 */

/**
 * The methods of a service as grpc-js wants them: `makeGenericClientConstructor(serviceDefinition(TranslationService), "")`.
 * It needs Node.js, as grpc-js does.
 *
 * @template {DescService} Service
 * @param {Service} service
 * @returns {ServiceDefinition<Service>}
 */
export function serviceDefinition(service) {
  const definitions = service.methods.map((method) => [method.localName, methodDefinition(method)]);
  return Object.fromEntries(definitions);
}

/**
 * @param {DescMethod} method
 * @returns {MethodDefinition<DescMessage, DescMessage>}
 */
function methodDefinition({ parent, name, methodKind, input, output }) {
  return {
    path: `/${parent.typeName}/${name}`,
    requestStream: methodKind === "client_streaming" || methodKind === "bidi_streaming",
    responseStream: methodKind === "server_streaming" || methodKind === "bidi_streaming",
    requestSerialize: (message) => Buffer.from(toBinary(input, message)),
    requestDeserialize: (bytes) => fromBinary(input, bytes),
    responseSerialize: (message) => Buffer.from(toBinary(output, message)),
    responseDeserialize: (bytes) => fromBinary(output, bytes),
  };
}

/**
 * The status that an error carries, whole; undefined where it carries none. It throws where that cannot be read. Errors are
 * known by what they have, not by their class: a program may have two copies of a library, and a test two of JavaScript's own.
 *
 * @param {any} error
 * @returns {Status | undefined}
 */
function statusOf({ code, rawMessage, details, metadata }) {
  if (typeof rawMessage === "string" && Array.isArray(details)) { // a ConnectError
    return create(StatusSchema, { code, message: rawMessage, details: details.map(packed) });
  }
  const bytes = metadata?.get?.("grpc-status-details-bin")?.[0];
  return ArrayBuffer.isView(bytes) ? fromBinary(StatusSchema, /** @type {Uint8Array} */ (bytes)) : undefined;
}

/**
 * A detail of a ConnectError: one of this program, or a received one, which has lost its address.
 *
 * @param {any} detail
 * @returns {Any}
 */
function packed({ desc, type, value }) {
  if (desc) return anyPack(desc, create(desc, value));
  return create(AnySchema, { typeUrl: `type.googleapis.com/${type}`, value });
}

/**
 * The first detail of a type; undefined where there is none that can be read.
 *
 * @template {DescMessage} Schema
 * @param {Status} status
 * @param {Schema} schema
 * @returns {MessageShape<Schema> | undefined}
 */
function detailOf(status, schema) {
  for (const packed of status.details) {
    const detail = readable(() => anyUnpack(packed, schema));
    if (detail) return detail;
  }
  return undefined;
}

/**
 * What a function reads; undefined where that cannot be read.
 *
 * @template T
 * @param {() => T} read
 * @returns {T | undefined}
 */
function readable(read) {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/**
 * The contract's rule for a code whose number was lost, as in JSON that names an enum value which is newer than the reader:
 * exactly 4 digits, or 8 not beginning with 0.
 *
 * @param {string} code
 */
function numberOf(code) {
  if (code === "CBC.0000") return 10000;
  return Number(/^CBC\.([0-9]{4}|[1-9][0-9]{7})$/.exec(code)?.[1] ?? 0);
}
