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
import { ReadingSchema, type Reading } from "./gen/cbcerr/conformance/v1/conformance_pb.js";

/** The first detail of a type, undefined where there is none that can be read. */
export type DetailReader = <S extends DescMessage>(schema: S) => MessageShape<S> | undefined;

const known: DescMessage[] = [
  ErrorInfoSchema, CbcErrorSchema, LocalizedMessageSchema, RetryInfoSchema, BadRequestSchema, PreconditionFailureSchema,
  QuotaFailureSchema, ResourceInfoSchema, RequestInfoSchema, HelpSchema,
];

/** A reader of the details of a status, or of what else can find them. */
export function detailsOf(source: Status | DetailReader): DetailReader {
  if (typeof source === "function") return source;
  return (schema) => source.details.map((packed) => unpacked(packed, schema)).find((detail) => detail);
}

function unpacked<S extends DescMessage>(packed: Any, schema: S): MessageShape<S> | undefined {
  try {
    return anyUnpack(packed, schema);
  } catch {
    return undefined;
  }
}

export function packedDetails(error: ConnectError): Any[] {
  return error.details.map((d) => create(AnySchema, "type" in d ? { typeUrl: `type.googleapis.com/${d.type}`, value: d.value } : {}));
}

export function ofStatus(status: Status, details = detailsOf(status), error = CbcError.fromStatus(status)): Reading {
  return create(ReadingSchema, {
    status,
    details: {
      errorInfo: details(ErrorInfoSchema), cbcError: details(CbcErrorSchema), localizedMessage: details(LocalizedMessageSchema),
      retryInfo: details(RetryInfoSchema), badRequest: details(BadRequestSchema), help: details(HelpSchema),
      preconditionFailure: details(PreconditionFailureSchema), quotaFailure: details(QuotaFailureSchema),
      resourceInfo: details(ResourceInfoSchema), requestInfo: details(RequestInfoSchema),
      others: status.details.filter((packed) => !known.some((schema) => unpacked(packed, schema))),
    },
    error: error && {
      code: error.code, number: error.number, reason: error.reason, retry: error.retry, outcome: error.outcome,
      locale: error.locale, message: error.message, retryDelay: durationOf(error.retryDelayMs),
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

export function ofTranslation(translation: Translation | undefined): Reading {
  const reading = ofStatus(translation?.status ?? create(StatusSchema));
  reading.locale = translation?.locale ?? "";
  reading.items = (translation?.items ?? []).map((item) => {
    const part = ofStatus(item.status ?? create(StatusSchema));
    part.id = item.id;
    return part;
  });
  return reading;
}

export function ofResult(result: TranslateResult | undefined): Reading {
  const found = result?.result;
  return found?.case === "error" ? ofRefusal(found.value) : ofTranslation(found?.value);
}

export const ofRefusal = (refused: Status): Reading => create(ReadingSchema, { refused });

/** Tells whether a status is the service's own error. */
export const isRefusal = (details: DetailReader): boolean => details(ErrorInfoSchema)?.domain === "cbcerr";
