import { create, fromBinary } from "@bufbuild/protobuf";
import { createClient, ConnectError } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import * as grpc from "@grpc/grpc-js";
import { serviceDefinition } from "cbcerr";
import { CatalogService, type ListErrorCodesResponse } from "cbcerr/cbc/error/v1/catalog_service_pb.js";
import type { RawResponse } from "cbcerr/cbc/error/v1/translation_pb.js";
import {
  BatchTranslateRequestSchema, RaiseRequestSchema, StreamTranslateRequestSchema, TranslationService, type BatchTranslateResponse,
  type StreamTranslateResponse, type TranslateRequest, type TranslateResponse,
} from "cbcerr/cbc/error/v1/translation_service_pb.js";
import { StatusSchema, type Status } from "cbcerr/google/rpc/status_pb.js";
import { detailsOf, toAnys, type DetailReader } from "./observations.js";

/** The calls of the entry points, independent of the gRPC library. */
export interface Client {
  translate(request: TranslateRequest): Promise<TranslateResponse>;
  batchTranslate(requests: TranslateRequest[]): Promise<BatchTranslateResponse>;
  streamTranslate(requests: TranslateRequest[]): AsyncIterable<StreamTranslateResponse>;
  raise(response: RawResponse | undefined, locales: string[]): Promise<unknown>;
  listErrorCodes(pageToken: string): Promise<ListErrorCodesResponse>;
  /** Returns the status of a failed call and a reader of its details; undefined if the error has no status. */
  failure(error: unknown): { status: Status; details: DetailReader } | undefined;
  close(): void;
}

/** The maximum size of a response in bytes. */
const maxMessageBytes = 16 << 20;

export function connectClient(target: string): Client {
  const baseUrl = `http://${target}`;
  const sessionManager = new Http2SessionManager(baseUrl);
  const transport = createGrpcTransport({ baseUrl, sessionManager, readMaxBytes: maxMessageBytes });
  const client = createClient(TranslationService, transport);
  return {
    translate: (request) => client.translate(request),
    batchTranslate: (requests) => client.batchTranslate({ requests }),
    streamTranslate: (requests) => client.streamTranslate(streamRequests(requests)),
    raise: (response, locales) => client.raise({ response, locales }),
    listErrorCodes: (pageToken) => createClient(CatalogService, transport).listErrorCodes({ pageToken }),
    failure: connectFailure,
    close: () => sessionManager.abort(),
  };
}

function connectFailure(error: unknown) {
  if (!(error instanceof ConnectError)) return undefined;
  const status = create(StatusSchema, { code: error.code, message: error.rawMessage, details: toAnys(error) });
  return { status, details: detailsOf((schema) => error.findDetails(schema)[0]) };
}

async function* streamRequests(requests: TranslateRequest[]) {
  for (const [i, request] of requests.entries()) yield { id: String(i), request };
}

export function grpcJsClient(target: string): Client {
  const constructor = (service: typeof TranslationService | typeof CatalogService) =>
    grpc.makeGenericClientConstructor(serviceDefinition(service), "");
  const options = { "grpc.max_receive_message_length": maxMessageBytes };
  const client = new (constructor(TranslationService))(target, grpc.credentials.createInsecure(), options);
  const catalog = new (constructor(CatalogService))(target, grpc.credentials.createInsecure(), options);
  const unary = <T>(client: grpc.Client, method: string, request: object) =>
    new Promise<T>((resolve, reject) => {
      const done = (error: grpc.ServiceError | null, response: T) => (error ? reject(error) : resolve(response));
      (client as unknown as Record<string, Function>)[method]!(request, done);
    });
  return {
    translate: (request) => unary(client, "translate", request),
    batchTranslate: (requests) => unary(client, "batchTranslate", create(BatchTranslateRequestSchema, { requests })),
    streamTranslate: (requests) => stream(client, requests),
    raise: (response, locales) => unary(client, "raise", create(RaiseRequestSchema, { response, locales })),
    listErrorCodes: (pageToken) => unary(catalog, "listErrorCodes", create(CatalogService.method.listErrorCodes.input, { pageToken })),
    failure: grpcJsFailure,
    close: () => [client, catalog].forEach((c) => c.close()),
  };
}

function stream(client: grpc.Client, requests: TranslateRequest[]) {
  const { path, requestSerialize, responseDeserialize } = serviceDefinition(TranslationService).streamTranslate;
  const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize); // a typed call
  requests.forEach((request, i) => call.write(create(StreamTranslateRequestSchema, { id: String(i), request })));
  call.end();
  return call;
}

function grpcJsFailure(error: unknown) {
  const bytes = (error as grpc.ServiceError).metadata?.get("grpc-status-details-bin")[0];
  if (!(bytes instanceof Buffer)) return undefined;
  const status = fromBinary(StatusSchema, bytes);
  return { status, details: detailsOf(status) };
}
