/**
 * What the catalogue that this package was generated from says of a code; undefined for one that it does not have.
 *
 * @param {number} number
 * @returns {Meaning | undefined}
 */
export function meaning(number: number): Meaning | undefined;
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
export function serviceDefinition<Service extends DescService>(service: Service): ServiceDefinition<Service>;
/** @import { DescMessage, DescMethod, DescService, MessageShape } from "@bufbuild/protobuf" */
/** @import { Any } from "@bufbuild/protobuf/wkt" */
/** @import { CbcError as Detail } from "./gen/cbc/error/v1/cbc_error_pb.js" */
/** @import { ErrorCode } from "./gen/cbc/error/v1/error_code_pb.js" */
/** @import { Meaning } from "./gen/cbc/error/v1/meaning_pb.js" */
/** @import { Status } from "./gen/google/rpc/status_pb.js" */
/** The domain of the google.rpc.ErrorInfo of every translated error. */
export const DOMAIN: "cbc.huaweicloud.com";
/**
 * The types of all details, for `fromJson(TranslationSchema, json, { registry, ignoreUnknownFields: true })` of an answer
 * over REST.
 */
export const registry: import("@bufbuild/protobuf").Registry;
/**
 * An error of the CBC, translated. Quote `code`, branch on `reason`, show `message`. What was not said is empty.
 */
export class CbcError {
    /**
     * Reads the error of Raise: a ConnectError, or a ServiceError of grpc-js, also as the cause of another error. Undefined
     * where it is no error of the CBC, but the service's own or one of the network.
     *
     * @param {unknown} error
     * @returns {CbcError | undefined}
     */
    static fromError(error: unknown): CbcError | undefined;
    /**
     * Reads a status of Translate, BatchTranslate and StreamTranslate, or of a failed item. Undefined where it is no error of
     * the CBC: upstream succeeded, or it is another system's. A detail that cannot be read counts as not there.
     *
     * @param {Status | undefined} status
     * @returns {CbcError | undefined}
     */
    static fromStatus(status: Status | undefined): CbcError | undefined;
    /**
     * @param {string} code
     * @param {Status} status
     * @param {MessageShape<typeof ErrorInfoSchema>} info
     * @private
     */
    private constructor();
    /** Upstream's code in its canonical spelling, such as `CBC.0250`. @readonly */
    readonly code: string;
    /** The same by typed enums, and more. @type {Detail} @readonly */
    readonly detail: Detail;
    /**
     * The number of the code in `ErrorCode`, also of a code that is newer than this package; 0 where it has none.
     * @type {number}
     * @readonly
     */
    readonly number: number;
    /** The constant to branch on, such as `REQUEST_THROTTLED`: a name of `ErrorReason`. @readonly */
    readonly reason: string;
    /** The advice by its name in `RetryAdvice`, such as `BACKOFF`. @readonly */
    readonly retry: string;
    /** What became of the effect, by its name in `Outcome`, such as `NOT_APPLIED`. @readonly */
    readonly outcome: string;
    /** The text for people, in the language of `locale`. @readonly */
    readonly message: string;
    /** A BCP 47 tag, such as `zh-CN`. @readonly */
    readonly locale: string;
    /** How many milliseconds to wait before a repetition; undefined where the error does not say. @readonly */
    readonly retryDelayMs: number | undefined;
    /** All that was received. @readonly */
    readonly status: Status;
    /**
     * Tells whether the call to upstream is worth repeating, after a wait: where upstream turned it away unexecuted, or where
     * it failed inside and repeating it cannot do the thing twice. An advice that is newer than this package counts as no.
     *
     * @param {boolean} idempotent
     * @returns {boolean}
     */
    shouldRetry(idempotent: boolean): boolean;
}
/**
 * What grpc-js sends: a Buffer, where there are Buffers.
 */
export type Bytes = typeof globalThis extends {
    Buffer: {
        alloc(size: number): infer B;
    };
} ? B : Uint8Array;
/**
 * A method as grpc-js wants it.
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
 * The methods of a service by their names, such as `batchTranslate`.
 */
export type ServiceDefinition<Service extends DescService> = { [Name in keyof Service["method"]]: MethodDefinition<Service["method"][Name]["input"], Service["method"][Name]["output"]>; };
import type { Meaning } from "./gen/cbc/error/v1/meaning_pb.js";
import type { DescService } from "@bufbuild/protobuf";
import type { CbcError as Detail } from "./gen/cbc/error/v1/cbc_error_pb.js";
import type { Status } from "./gen/google/rpc/status_pb.js";
import type { DescMessage } from "@bufbuild/protobuf";
import type { MessageShape } from "@bufbuild/protobuf";
