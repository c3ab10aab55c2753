/**
 * Lets the calls of a client throw failures. It calls cbcerrd after every response. Concurrent calls are safe.
 *
 * @template {{ sendRequest(options: HttpRequestOptions): Promise<any> }} Client
 * @param {Client} client - The HcClient of the SDK. It is changed.
 * @param {Translator} translator
 * @param {Options} [options]
 * @returns {Client} The same client.
 */
export function throwFailures<Client extends {
    sendRequest(options: HttpRequestOptions): Promise<any>;
}>(client: Client, translator: Translator, options?: Options): Client;
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
export function fromException(exception: unknown, translator: Translator, options?: Options): Promise<SdkFailure | undefined>;
/**
 * A client of TranslationService that obeys `timeoutMs`, such as `createClient(TranslationService, transport)` of Connect.
 */
export type Translator = {
    translate: (request: MessageInitShape<typeof TranslateRequestSchema>, options: {
        timeoutMs: number;
    }) => Promise<TranslateResponse>;
};
/**
 * `locales`: languages of texts, such as "zh-CN". `timeoutMs`: deadline of a call to cbcerrd; the default is 1000.
 */
export type Options = {
    locales?: string[];
    timeoutMs?: number;
};
/**
 * An exception of the SDK with its meaning. `body` is the body of the response. After a partial failure it has what
 * succeeded, such as `order_ids`.
 */
export type SdkFailure = ServiceResponseException & CbcFailure & {
    readonly body: string | Uint8Array;
};
export type RawResponse = MessageInitShape<typeof RawResponseSchema>;
import type { HttpRequestOptions } from "@huaweicloud/huaweicloud-sdk-core/HcClient.js";
import type { TranslateRequestSchema } from "./gen/cbc/error/v1/translation_service_pb.js";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { TranslateResponse } from "./gen/cbc/error/v1/translation_service_pb.js";
import { ServiceResponseException } from "@huaweicloud/huaweicloud-sdk-core/exception/ServiceResponseException.js";
import { CbcFailure } from "./cbcerr.js";
import type { RawResponseSchema } from "./gen/cbc/error/v1/translation_pb.js";
