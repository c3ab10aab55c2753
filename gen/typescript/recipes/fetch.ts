// Translates a response of fetch, and retries the call if that is safe: fetch SERVER URL
import { setTimeout } from "node:timers/promises";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { CbcFailure } from "cbcerr";
import { TranslationService } from "cbcerr/cbc/error/v1/translation_service_pb.js";

const HEADERS = ["content-type", "date", "hw-ajax-redirect", "retry-after", "x-request-id"]; // those that cbcerrd uses
const MAX_WAIT_MS = 60_000;

const [server, url = ""] = process.argv.slice(2);
const translator = createClient(TranslationService, createGrpcTransport({ baseUrl: `http://${server}` }));
for (let attempt = 1; ; attempt++) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  const body = { case: "raw", value: new Uint8Array(await answer.arrayBuffer()) } as const;
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => HEADERS.includes(name)));
  const response = { httpStatus: answer.status, headers, body };
  const call = translator.translate({ response, locales: ["zh-CN"] }, { timeoutMs: 5000 });
  const { translation } = await call.catch((e) => {
    console.error("The response is not checked:", e);
    if (!answer.ok) throw e;
    return { translation: undefined }; // without a translation, such as of more than 1 MiB, the HTTP status decides
  });
  const failure = CbcFailure.fromTranslation(translation);
  if (!failure) {
    console.log(new TextDecoder().decode(body.value));
    break;
  }
  console.log(failure.error.message, failure.error.advice);
  const waitMs = failure.error.retryDelayMs ?? 1000;
  if (attempt === 3 || waitMs > MAX_WAIT_MS || !failure.error.shouldRetry(true)) throw failure; // a GET changes nothing
  await setTimeout(waitMs);
}
