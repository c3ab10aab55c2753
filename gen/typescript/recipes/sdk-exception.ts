// Translates an exception of the SDK of Huawei Cloud, and retries if that is safe: sdk-exception SERVER ENDPOINT
import { setTimeout } from "node:timers/promises";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { GlobalCredentials } from "@huaweicloud/huaweicloud-sdk-core";
import { ClientBuilder } from "@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js";
import { TranslationService } from "cbcerr/cbc/error/v1/translation_service_pb.js";
import { fromException } from "cbcerr/huaweicloud";

const MAX_WAIT_MS = 60_000;

const [server, endpoint = ""] = process.argv.slice(2);
const { HUAWEICLOUD_SDK_AK: ak, HUAWEICLOUD_SDK_SK: sk, HUAWEICLOUD_SDK_DOMAIN_ID: domain } = process.env;
const translator = createClient(TranslationService, createGrpcTransport({ baseUrl: `http://${server}` }));
const credential = new GlobalCredentials().withAk(ak).withSk(sk).withDomainId(domain);
const client = new ClientBuilder((hcClient) => hcClient, "GlobalCredentials").withCredential(credential).withEndpoint(endpoint).build();
const url = "/v2/orders/customer-orders/details/CS1";
for (let attempt = 1; ; attempt++) {
  try {
    console.log(await client.sendRequest({ method: "GET", url, contentType: "application/json", queryParams: {}, pathParams: {}, headers: {} }));
    break;
  } catch (exception) {
    const failure = await fromException(exception, translator, { locales: ["zh-CN"] });
    if (!failure) throw exception; // cbcerrd does not answer
    console.log(failure.error.message, failure.error.advice);
    const waitMs = failure.error.retryDelayMs ?? 1000;
    if (attempt === 3 || waitMs > MAX_WAIT_MS || !failure.error.shouldRetry(true)) throw failure; // a GET changes nothing
    await setTimeout(waitMs);
  }
}
