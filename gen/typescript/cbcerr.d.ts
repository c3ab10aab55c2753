/**
 * Returns the meaning of a code in the catalogue of this version. It makes no call.
 *
 * @param {number | string} code - A number such as 5003, or text with or without the prefix, in any letter case, such as "CBC.5003".
 * @returns {Meaning | undefined} The meaning; undefined for an unknown code.
 * @throws {TypeError} If the code is neither an integer nor a string.
 */
export function meaning(code: number | string): Meaning | undefined;
export * from "./grpc.js";
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
     * Returns the failure that a translation describes.
     *
     * @param {Translation | undefined} translation - The result of Translate, BatchTranslate or StreamTranslate.
     * @returns {CbcFailure | undefined} The failure; undefined if upstream succeeded.
     */
    static fromTranslation(translation: Translation | undefined): CbcFailure | undefined;
    /**
     * @param {CbcError} error
     * @param {readonly FailedItem[]} items
     */
    constructor(error: CbcError, items?: readonly FailedItem[]);
    /** What the response means. @readonly */
    readonly error: CbcError;
    /** Items that failed; empty if the call failed as a whole. @readonly */
    readonly items: readonly FailedItem[];
}
/**
 * A failed item of a call for many. `id` is what upstream gives the item: the ID of a resource, customer or quota; empty
 * if it gives none. `error` is undefined if the status of the item is not a translated error.
 */
export type FailedItem = {
    readonly id: string;
    readonly error: CbcError | undefined;
};
import type { Meaning } from "./gen/cbc/error/v1/meaning_pb.js";
import type { CbcError as Detail } from "./gen/cbc/error/v1/cbc_error_pb.js";
import type { Status } from "./gen/google/rpc/status_pb.js";
import type { Translation } from "./gen/cbc/error/v1/translation_pb.js";
