// Shows an order with the SDK of Huawei Cloud: huaweicloud-sdk SERVER ENDPOINT ORDER_ID
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { GlobalCredentials } from "@huaweicloud/huaweicloud-sdk-core";
import { ClientBuilder } from "@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js";
import { CbcFailure } from "cbcerr";
import { TranslationService } from "cbcerr/cbc/error/v1/translation_service_pb.js";
import { throwFailures } from "cbcerr/huaweicloud";

const [server, endpoint = "", orderId] = process.argv.slice(2);
const { HUAWEICLOUD_SDK_AK: ak, HUAWEICLOUD_SDK_SK: sk, HUAWEICLOUD_SDK_DOMAIN_ID: domain } = process.env;
const translator = createClient(TranslationService, createGrpcTransport({ baseUrl: `http://${server}` }));
const builder = new ClientBuilder((hcClient) => throwFailures(hcClient, translator, { locales: ["zh-CN"] }), "GlobalCredentials");
const credential = new GlobalCredentials().withAk(ak).withSk(sk).withDomainId(domain);
const client = builder.withCredential(credential).withEndpoint(endpoint).build();
const url = `/v2/orders/customer-orders/details/${orderId}`;
try {
  console.log(await client.sendRequest({ method: "GET", url, contentType: "application/json", queryParams: {}, pathParams: {}, headers: {} }));
} catch (failure) {
  if (!(failure instanceof CbcFailure)) throw failure; // failure is also a ServiceResponseException
  console.log(failure.error.reason, failure.error.message, failure.error.advice);
  for (const { id, error } of failure.items) console.log(id, error?.message);
}
