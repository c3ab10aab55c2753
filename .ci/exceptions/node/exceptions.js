// Calls each given server with the Node SDK and writes every form in which people see its exception.
//
//     exceptions.js NAME METHOD URL...
//
// Each line of the output is a JSON object of a response's name, a form, and the text.
'use strict';

const { writeSync } = require('node:fs');
const { inspect } = require('node:util');

// The SDK logs on standard output. Its log is one of the forms.
let log = '';
process.stdout.write = chunk => {
  log += chunk;
  return true;
};
const { ClientBuilder } = require('@huaweicloud/huaweicloud-sdk-core/ClientBuilder');
const { GlobalCredentials } = require('@huaweicloud/huaweicloud-sdk-core');

/** Calls the server once. There is no package for BSS, so the request is written out. */
function call(method, url) {
  const credential = new GlobalCredentials().withAk('ak').withSk('sk').withDomainId('domain');
  const client = new ClientBuilder(http => http, 'GlobalCredentials').withCredential(credential).withEndpoint(url).build();
  const options = { method, contentType: 'application/json', queryParams: {}, pathParams: {}, headers: {} };
  if (method === 'GET') {
    return client.sendRequest({ ...options, url: '/v2/accounts/customer-accounts/balances' });
  }
  const data = { resource_ids: ['resource'], unsubscribe_type: 1 };
  return client.sendRequest({ ...options, url: '/v2/orders/subscriptions/resources/unsubscribe', data });
}

/** Returns an exception's texts by the names of their forms. */
function forms(error) {
  return {
    'console.log': inspect(error),
    'console.log of fields': inspect({ ...error }),
    String: String(error),
    stack: error.stack,
    'JSON.stringify': JSON.stringify(error),
    'JSON.stringify, indented': JSON.stringify(error, null, 2),
    cause: inspect(new Error('unsubscribe failed', { cause: error })),
    log,
  };
}

async function main(args) {
  for (let i = 0; i < args.length; i += 3) {
    const [response, method, url] = args.slice(i, i + 3);
    log = '';
    const error = await call(method, url).then(() => null, reason => reason);
    if (!error) {
      throw new Error(`${response}: the SDK throws nothing`);
    }
    for (const [form, text] of Object.entries(forms(error))) {
      writeSync(1, JSON.stringify({ response, form, text }) + '\n');
    }
  }
}

main(process.argv.slice(2)).catch(error => {
  console.error(error);
  process.exitCode = 1;
});
