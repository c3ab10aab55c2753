// Calls the CBC with the Node SDK and writes what the program sees of each call.
//
//     calls.js ENDPOINT ACCESS_KEY SECRET_KEY METHOD=PATH...
//
// Each line of the output is a JSON object of a path and a result, or the parts of an exception. There is no package for
// BSS, so the requests are written out.
'use strict';

const { writeSync } = require('node:fs');

process.stdout.write = () => true; // the SDK logs on standard output
const { ClientBuilder } = require('@huaweicloud/huaweicloud-sdk-core/ClientBuilder');
const { GlobalCredentials } = require('@huaweicloud/huaweicloud-sdk-core');

/** Returns what a program sees of a call. */
async function outcome(client, method, path) {
  const options = { method, url: path, contentType: 'application/json', queryParams: {}, pathParams: {}, headers: {} };
  try {
    const response = await client.sendRequest(method === 'GET' ? options : { ...options, data: { order_id: 'CS1' } });
    return { result: JSON.stringify(response) };
  } catch (error) {
    const { httpStatusCode: status, errorCode: code, errorMsg: message, requestId: request } = error;
    return { type: error.constructor.name, status, code, message, request };
  }
}

async function main(endpoint, accessKey, secretKey, ...calls) {
  const credential = new GlobalCredentials().withAk(accessKey).withSk(secretKey).withDomainId('domain');
  const client = new ClientBuilder(http => http, 'GlobalCredentials').withCredential(credential).withEndpoint(endpoint).build();
  for (const call of calls) {
    const [method, path] = call.split('=');
    writeSync(1, JSON.stringify({ path, ...(await outcome(client, method, path)) }) + '\n');
  }
}

main(...process.argv.slice(2)).catch(error => {
  console.error(error);
  process.exitCode = 1;
});
