import { create, fromJson, toJson, toJsonString, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { CbcError, meaning, registry } from "cbcerr";
import { TranslationSchema } from "cbcerr/cbc/error/v1/translation_pb.js";
import { RaiseRequestSchema, TranslateRequestSchema } from "cbcerr/cbc/error/v1/translation_service_pb.js";
import { StatusSchema } from "cbcerr/google/rpc/status_pb.js";
import type { Client } from "./clients.js";
import { EntryPoint, ObservationSchema, type Observation, type Request } from "./gen/cbcerr/conformance/v1/conformance_pb.js";
import { detailsOf, isRejection, ofRejection, ofResult, ofStatus, ofTranslation } from "./observations.js";

type Way = (req: Request, client: Client) => Promise<Observation[]>;

export const entryPoints: Partial<Record<EntryPoint, Way>> = {
  [EntryPoint.UNARY]: unary,
  [EntryPoint.BATCH]: async (req, client) => (await client.batchTranslate(req.requests)).results.map(ofResult),
  [EntryPoint.STREAM]: stream,
  [EntryPoint.RAISE]: raise,
  [EntryPoint.CATALOG]: catalog,
  [EntryPoint.REST]: rest,
  [EntryPoint.REST_RAISE]: restRaise,
  [EntryPoint.READ]: async (req) => req.statuses.map((status) => ofStatus(status)),
};

async function unary(req: Request, client: Client): Promise<Observation[]> {
  const observations: Observation[] = [];
  for (const request of req.requests) {
    observations.push(await client.translate(request).then((a) => ofTranslation(a.translation), (error) => rejection(client, error)));
  }
  return observations;
}

async function stream(req: Request, client: Client): Promise<Observation[]> {
  const observations: Observation[] = [];
  for await (const response of client.streamTranslate(req.requests)) {
    if (response.id !== String(observations.length)) throw new Error(`response ${observations.length} has the id ${response.id}`);
    observations.push(ofResult(response.result));
  }
  return observations;
}

async function raise(req: Request, client: Client): Promise<Observation[]> {
  const observations: Observation[] = [];
  for (const { response, locales } of req.requests) {
    observations.push(await client.raise(response, locales).then(() => ofStatus(create(StatusSchema)), (error) => raised(client, error)));
  }
  return observations;
}

function raised(client: Client, error: unknown): Observation {
  const failure = client.failure(error);
  if (!failure?.status.details.length || isRejection(failure.details)) return rejection(client, error);
  const wrapper = new Error("placing the order", { cause: error });
  return ofStatus(failure.status, failure.details, CbcError.fromError(wrapper));
}

function rejection(client: Client, error: unknown): Observation {
  const failure = client.failure(error);
  if (!failure || !isRejection(failure.details)) throw error;
  return ofRejection(failure.status);
}

async function catalog(_: Request, client: Client): Promise<Observation[]> {
  const observations: Observation[] = [];
  for (let token = ""; ; ) {
    const page = await client.listErrorCodes(token);
    observations.push(...page.entries.map((entry) => create(ObservationSchema, { entry, meaning: meaning(entry.number) })));
    token = page.nextPageToken;
    if (!token) return observations;
  }
}

async function rest(req: Request): Promise<Observation[]> {
  const observations: Observation[] = [];
  for (const request of req.requests) {
    const response = await post(`${req.restUrl}/v1/responses:translate`, toJsonString(TranslateRequestSchema, request));
    observations.push(response.ok ? ofJson(TranslationSchema, await response.json(), ofTranslation) : statusOfJson(response.ok, await response.json()));
  }
  return observations;
}

async function restRaise(req: Request): Promise<Observation[]> {
  const observations: Observation[] = [];
  for (const { response, locales } of req.requests) {
    const request = toJsonString(RaiseRequestSchema, create(RaiseRequestSchema, { response, locales }));
    const reply = await post(`${req.restUrl}/v1/responses:raise`, request);
    observations.push(statusOfJson(reply.ok, await reply.json()));
  }
  return observations;
}

const post = (url: string, body: string) => fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body });

function statusOfJson(ok: boolean, json: unknown): Observation {
  const status = fromJson(StatusSchema, json as object as never, { registry, ignoreUnknownFields: true });
  if (isRejection(detailsOf(status))) return ofRejection(status);
  if (!ok && status.details.length === 0) throw new Error(`the service failed: ${JSON.stringify(json)}`);
  return ofJson(StatusSchema, json, ofStatus);
}

/** Reads JSON into a message, observes it, and writes it as JSON again. */
function ofJson<S extends DescMessage>(schema: S, json: unknown, read: (message: MessageShape<S>) => Observation): Observation {
  const message = fromJson(schema, json as never, { registry, ignoreUnknownFields: true });
  const observation = read(message);
  observation.json = JSON.stringify(toJson(schema, message, { registry }));
  return observation;
}
