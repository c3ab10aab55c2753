import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { CbcError } from "cbcerr";
import { TranslationService } from "cbcerr/cbc/error/v1/translation_service_pb.js";

const transport = createGrpcTransport({ baseUrl: `http://${process.argv[2] ?? "localhost:9090"}` });
const translator = createClient(TranslationService, transport);
const response = { httpStatus: 400, body: { case: "text", value: '{"error_code":"CBC.99003651"}' } } as const;
const { translation } = await translator.translate({ response, locales: ["zh-CN"] }, { timeoutMs: 5000 });
const error = CbcError.fromStatus(translation?.status); // undefined if upstream succeeded
if (error) console.log(error.reason, error.retry, error.message);
