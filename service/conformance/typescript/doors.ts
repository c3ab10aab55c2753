import { create, fromJson, toJson, toJsonString, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { CbcError, meaning, registry } from "cbcerr";
import { TranslationSchema } from "cbcerr/cbc/error/v1/translation_pb.js";
import { RaiseRequestSchema, TranslateRequestSchema } from "cbcerr/cbc/error/v1/translation_service_pb.js";
import { StatusSchema } from "cbcerr/google/rpc/status_pb.js";
import type { Client } from "./clients.js";
import { Door, ReadingSchema, type Reading, type Task } from "./gen/cbcerr/conformance/v1/conformance_pb.js";
import { detailsOf, isRefusal, ofRefusal, ofResult, ofStatus, ofTranslation } from "./readings.js";

type Way = (task: Task, client: Client) => Promise<Reading[]>;

export const doors: Partial<Record<Door, Way>> = {
  [Door.UNARY]: unary,
  [Door.BATCH]: async (task, client) => (await client.batchTranslate(task.requests)).results.map(ofResult),
  [Door.STREAM]: stream,
  [Door.RAISE]: raise,
  [Door.CATALOG]: catalog,
  [Door.REST]: rest,
  [Door.REST_RAISE]: restRaise,
  [Door.READ]: async (task) => task.statuses.map((status) => ofStatus(status)),
};

async function unary(task: Task, client: Client): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const request of task.requests) {
    readings.push(await client.translate(request).then((a) => ofTranslation(a.translation), (error) => refusal(client, error)));
  }
  return readings;
}

async function stream(task: Task, client: Client): Promise<Reading[]> {
  const readings: Reading[] = [];
  for await (const answer of client.streamTranslate(task.requests)) {
    if (answer.id !== String(readings.length)) throw new Error(`answer ${readings.length} has the id ${answer.id}`);
    readings.push(ofResult(answer.result));
  }
  return readings;
}

async function raise(task: Task, client: Client): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const { response, locales } of task.requests) {
    readings.push(await client.raise(response, locales).then(() => ofStatus(create(StatusSchema)), (error) => raised(client, error)));
  }
  return readings;
}

function raised(client: Client, error: unknown): Reading {
  const failure = client.failure(error);
  if (!failure?.status.details.length || isRefusal(failure.details)) return refusal(client, error);
  const passedOn = new Error("placing the order", { cause: error });
  return ofStatus(failure.status, failure.details, CbcError.fromError(passedOn));
}

function refusal(client: Client, error: unknown): Reading {
  const failure = client.failure(error);
  if (!failure || !isRefusal(failure.details)) throw error;
  return ofRefusal(failure.status);
}

async function catalog(_: Task, client: Client): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (let token = ""; ; ) {
    const page = await client.listErrorCodes(token);
    readings.push(...page.entries.map((entry) => create(ReadingSchema, { entry, meaning: meaning(entry.number) })));
    token = page.nextPageToken;
    if (!token) return readings;
  }
}

async function rest(task: Task): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const request of task.requests) {
    const answer = await post(`${task.restUrl}/v1/responses:translate`, toJsonString(TranslateRequestSchema, request));
    readings.push(answer.ok ? ofJson(TranslationSchema, await answer.json(), ofTranslation) : statusOfJson(answer.ok, await answer.json()));
  }
  return readings;
}

async function restRaise(task: Task): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const { response, locales } of task.requests) {
    const request = toJsonString(RaiseRequestSchema, create(RaiseRequestSchema, { response, locales }));
    const answer = await post(`${task.restUrl}/v1/responses:raise`, request);
    readings.push(statusOfJson(answer.ok, await answer.json()));
  }
  return readings;
}

const post = (url: string, body: string) => fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body });

function statusOfJson(ok: boolean, json: unknown): Reading {
  const status = fromJson(StatusSchema, json as object as never, { registry, ignoreUnknownFields: true });
  if (isRefusal(detailsOf(status))) return ofRefusal(status);
  if (!ok && status.details.length === 0) throw new Error(`the service failed: ${JSON.stringify(json)}`);
  return ofJson(StatusSchema, json, ofStatus);
}

/** What comes of JSON that is read into a message and written again. */
function ofJson<S extends DescMessage>(schema: S, json: unknown, read: (message: MessageShape<S>) => Reading): Reading {
  const message = fromJson(schema, json as never, { registry, ignoreUnknownFields: true });
  const reading = read(message);
  reading.json = JSON.stringify(toJson(schema, message, { registry }));
  return reading;
}
