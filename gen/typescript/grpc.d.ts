/** @import { DescMessage, DescMethod, DescService, MessageShape } from "@bufbuild/protobuf" */
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
import type { DescService } from "@bufbuild/protobuf";
import type { DescMessage } from "@bufbuild/protobuf";
import type { MessageShape } from "@bufbuild/protobuf";
