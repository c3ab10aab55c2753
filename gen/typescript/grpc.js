// @ts-check
/**
 * Makes the services usable with grpc-js.
 *
 * @module
 */

import { fromBinary, toBinary } from "@bufbuild/protobuf";

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
