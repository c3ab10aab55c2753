import { create, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { AnySchema, anyUnpack, type Any, type Duration } from "@bufbuild/protobuf/wkt";
import type { ConnectError } from "@connectrpc/connect";
import { CbcError, meaning } from "cbcerr";
import { CbcErrorSchema } from "cbcerr/cbc/error/v1/cbc_error_pb.js";
import type { Translation, TranslateResult } from "cbcerr/cbc/error/v1/translation_pb.js";
import {
  BadRequestSchema, ErrorInfoSchema, HelpSchema, LocalizedMessageSchema, PreconditionFailureSchema, QuotaFailureSchema,
  RequestInfoSchema, ResourceInfoSchema, RetryInfoSchema,
} from "cbcerr/google/rpc/error_details_pb.js";
import { StatusSchema, type Status } from "cbcerr/google/rpc/status_pb.js";
import { ObservationSchema, type Observation } from "./gen/cbcerr/conformance/v1/conformance_pb.js";

/** Returns the first detail of a type that can be decoded; undefined if there is none. */
export type DetailReader = <S extends DescMessage>(schema: S) => MessageShape<S> | undefined;

const detailSchemas: DescMessage[] = [
  ErrorInfoSchema, CbcErrorSchema, LocalizedMessageSchema, RetryInfoSchema, BadRequestSchema, PreconditionFailureSchema,
  QuotaFailureSchema, ResourceInfoSchema, RequestInfoSchema, HelpSchema,
];

/** Returns a reader of the details of a status. Returns a reader unchanged. */
export function detailsOf(source: Status | DetailReader): DetailReader {
  if (typeof source === "function") return source;
  return (schema) => source.details.map((any) => unpack(any, schema)).find((detail) => detail);
}

function unpack<S extends DescMessage>(any: Any, schema: S): MessageShape<S> | undefined {
  try {
    return anyUnpack(any, schema);
  } catch {
    return undefined;
  }
}

export function toAnys(error: ConnectError): Any[] {
  return error.details.map((d) => create(AnySchema, "type" in d ? { typeUrl: `type.googleapis.com/${d.type}`, value: d.value } : {}));
}

export function ofStatus(status: Status, details = detailsOf(status), error = CbcError.fromStatus(status)): Observation {
  return create(ObservationSchema, {
    status,
    details: {
      errorInfo: details(ErrorInfoSchema), cbcError: details(CbcErrorSchema), localizedMessage: details(LocalizedMessageSchema),
      retryInfo: details(RetryInfoSchema), badRequest: details(BadRequestSchema), help: details(HelpSchema),
      preconditionFailure: details(PreconditionFailureSchema), quotaFailure: details(QuotaFailureSchema),
      resourceInfo: details(ResourceInfoSchema), requestInfo: details(RequestInfoSchema),
      others: status.details.filter((any) => !detailSchemas.some((schema) => unpack(any, schema))),
    },
    error: error && {
      code: error.code, number: error.number, reason: error.reason, retry: error.retry, outcome: error.outcome,
      locale: error.locale, message: error.message, advice: error.advice, retryDelay: durationOf(error.retryDelayMs),
      shouldRetry: error.shouldRetry(false), shouldRetryIdempotent: error.shouldRetry(true),
    },
    meaning: error && meaning(error.number),
  });
}

function durationOf(ms: number | undefined): Duration | undefined {
  if (ms === undefined) return undefined;
  const seconds = Math.trunc(ms / 1000);
  return { $typeName: "google.protobuf.Duration", seconds: BigInt(seconds), nanos: Math.round((ms - seconds * 1000) * 1e6) };
}

export function ofTranslation(translation: Translation | undefined): Observation {
  const observation = ofStatus(translation?.status ?? create(StatusSchema));
  observation.locale = translation?.locale ?? "";
  observation.items = (translation?.items ?? []).map((item) => {
    const part = ofStatus(item.status ?? create(StatusSchema));
    part.id = item.id;
    return part;
  });
  return observation;
}

export function ofResult(result: TranslateResult | undefined): Observation {
  const found = result?.result;
  return found?.case === "error" ? ofRejection(found.value) : ofTranslation(found?.value);
}

export const ofRejection = (rejected: Status): Observation => create(ObservationSchema, { rejected });

/** Reports whether a status is an error of the service itself. */
export const isRejection = (details: DetailReader): boolean => details(ErrorInfoSchema)?.domain === "cbcerr";
