import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { CbcError } from "cbcerr";
import { TranslationService } from "cbcerr/cbc/error/v1/translation_service_pb.js";

const transport = createGrpcTransport({ baseUrl: `http://${process.argv[2] ?? "localhost:9090"}` });
const response = { httpStatus: 400, body: { case: "text", value: '{"error_code":"CBC.99003651"}' } } as const;
try {
  await createClient(TranslationService, transport).raise({ response, locales: ["zh-CN"] });
} catch (failure) {
  const error = CbcError.fromError(failure);
  if (!error) throw failure; // an error of cbcerr itself, or a network error
  console.log(error.reason, error.retry, error.message);
}
