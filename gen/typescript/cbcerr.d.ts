/**
 * Returns the meaning of a code in the catalogue of this version. It makes no call.
 *
 * @param {number} number - The number of the code, such as `CbcError.number`.
 * @returns {Meaning | undefined} The meaning; undefined for an unknown code.
 */
export function meaning(number: number): Meaning | undefined;
/**
 * The type of an encoded message in grpc-js: Buffer if the types of Node.js are present, else Uint8Array.
 *
 * @typedef {typeof globalThis extends { Buffer: { alloc(size: number): infer B } } ? B : Uint8Array} Bytes
 */
/**
 * The definition of a method, for grpc-js.
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
 * The definitions of a service's methods by name, such as `batchTranslate`.
 *
 * @template {DescService} Service
 * @typedef {{ [Name in keyof Service["method"]]: MethodDefinition<Service["method"][Name]["input"], Service["method"][Name]["output"]> }} ServiceDefinition
 */
/**
 * Returns the definition of a service for grpc-js:
 * `makeGenericClientConstructor(serviceDefinition(TranslationService), "")`. It needs Node.js.
 *
 * @template {DescService} Service
 * @param {Service} service - The generated service.
 * @returns {ServiceDefinition<Service>} The definitions of its methods.
 */
export function serviceDefinition<Service extends DescService>(service: Service): ServiceDefinition<Service>;
/** @import { DescMessage, DescMethod, DescService, MessageShape } from "@bufbuild/protobuf" */
/** @import { Any } from "@bufbuild/protobuf/wkt" */
/** @import { CbcError as Detail } from "./gen/cbc/error/v1/cbc_error_pb.js" */
/** @import { ErrorCode } from "./gen/cbc/error/v1/error_code_pb.js" */
/** @import { Meaning } from "./gen/cbc/error/v1/meaning_pb.js" */
/** @import { Status } from "./gen/google/rpc/status_pb.js" */
/** Domain of the google.rpc.ErrorInfo of every translated error. */
export const DOMAIN: "cbc.huaweicloud.com";
/**
 * Types of all details. REST responses need it:
 * `fromJson(TranslationSchema, json, { registry, ignoreUnknownFields: true })`.
 */
export const registry: import("@bufbuild/protobuf").Registry;
/**
 * A translated error of the CBC. Log `code`, branch on `reason`, show `message`. Text that the status does not have is
 * empty.
 */
export class CbcError {
    /**
     * Returns the translated error of a failed call, such as Raise: of a ConnectError or of a ServiceError of grpc-js.
     *
     * @param {unknown} error - The error that was thrown. The call's error may also be one of its causes.
     * @returns {CbcError | undefined} The translated error; undefined for an error of cbcerr itself and for a network error.
     */
    static fromError(error: unknown): CbcError | undefined;
    /**
     * Returns the translated error of a status. Details that cannot be decoded are ignored.
     *
     * @param {Status | undefined} status - A status of Translate, BatchTranslate or StreamTranslate, or of a failed item.
     * @returns {CbcError | undefined} The translated error; undefined if upstream succeeded, and for a status of another
     * system.
     */
    static fromStatus(status: Status | undefined): CbcError | undefined;
    /**
     * @param {string} code
     * @param {Status} status
     * @param {MessageShape<typeof ErrorInfoSchema>} info
     * @private
     */
    private constructor();
    /** Upstream's code in its canonical spelling, such as `CBC.0250`; empty if there is none. @readonly */
    readonly code: string;
    /** Typed detail, with enums and the code as received; empty if the status has none. @type {Detail} @readonly */
    readonly detail: Detail;
    /** Number of the code in `ErrorCode`, also of a code that is newer; 0 if it has none. @type {number} @readonly */
    readonly number: number;
    /** Constant to branch on, such as `REQUEST_THROTTLED`: the name of an `ErrorReason`. @readonly */
    readonly reason: string;
    /** Retry advice for the call to upstream, such as `BACKOFF`: the name of a `RetryAdvice`. @readonly */
    readonly retry: string;
    /** Effect of the call to upstream, such as `NOT_APPLIED`: the name of an `Outcome`. @readonly */
    readonly outcome: string;
    /** Text for users, in the language of `locale`. @readonly */
    readonly message: string;
    /** BCP 47 tag, such as `zh-CN`. @readonly */
    readonly locale: string;
    /** What to do, in one sentence for users. @readonly */
    readonly advice: string;
    /** Recommended delay before a retry, in milliseconds; undefined if none is recommended. @readonly */
    readonly retryDelayMs: number | undefined;
    /** Whole status as received. @readonly */
    readonly status: Status;
    /**
     * Reports whether the advice permits a retry of the call to upstream, after a delay: upstream rejected it before
     * executing it, or failed internally and a second call cannot take effect twice.
     *
     * @param {boolean} idempotent - Whether executing the call twice has the same effect as executing it once.
     * @returns {boolean} Whether a retry is permitted; false for advice that is newer than this package.
     */
    shouldRetry(idempotent: boolean): boolean;
}
/**
 * The type of an encoded message in grpc-js: Buffer if the types of Node.js are present, else Uint8Array.
 */
export type Bytes = typeof globalThis extends {
    Buffer: {
        alloc(size: number): infer B;
    };
} ? B : Uint8Array;
/**
 * The definition of a method, for grpc-js.
 */
export type MethodDefinition<Input extends DescMessage, Output extends DescMessage> = {
    path: string;
    requestStream: boolean;
    responseStream: boolean;
    requestSerialize: (message: MessageShape<Input>) => Bytes;
    requestDeserialize: (bytes: Uint8Array) => MessageShape<Input>;
    responseSerialize: (message: MessageShape<Output>) => Bytes;
    responseDeserialize: (bytes: Uint8Array) => MessageShape<Output>;
};
/**
 * The definitions of a service's methods by name, such as `batchTranslate`.
 */
export type ServiceDefinition<Service extends DescService> = { [Name in keyof Service["method"]]: MethodDefinition<Service["method"][Name]["input"], Service["method"][Name]["output"]>; };
import type { Meaning } from "./gen/cbc/error/v1/meaning_pb.js";
import type { DescService } from "@bufbuild/protobuf";
import type { CbcError as Detail } from "./gen/cbc/error/v1/cbc_error_pb.js";
import type { Status } from "./gen/google/rpc/status_pb.js";
import type { DescMessage } from "@bufbuild/protobuf";
import type { MessageShape } from "@bufbuild/protobuf";
