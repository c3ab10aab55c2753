// Commands and programs that get the same result as the page. Each snippet works unchanged.

/** @typedef {import("./input.js").TranslateRequest} TranslateRequest */
/** @typedef {import("./catalog.js").Server} Server */
/** @typedef {{name: string, text: string}} Snippet */

/** Quotes text as one word of a shell command. @param {string} text */
const shellQuote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * Returns a literal for Go, Python and JavaScript. All three accept JSON's escapes.
 * @param {unknown} value
 */
const literal = (value) => JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029").replaceAll("\u007f", "\\u007f");

/** Headers whose values people must not pass on: as a line, and as an entry of a HAR file. */
const secretHeaders = "authorization|proxy-authorization|x-auth-token|x-security-token|cookie|set-cookie";
const secretLine = new RegExp(`^([<>\\s]*(?:${secretHeaders})[ \\t]*:).*$`, "gim");
const secretEntry = new RegExp(`("name"\\s*:\\s*"(?:${secretHeaders})"\\s*,\\s*"value"\\s*:\\s*")[^"]*`, "gi");

/** Removes credentials from a copied exchange. @param {string} text */
const withoutSecrets = (text) => text.replace(secretLine, "$1 …").replace(secretEntry, "$1…");

/**
 * @param {string} base URL of the server
 * @param {Server} server
 * @param {TranslateRequest} request
 * @returns {Snippet[]}
 */
export function translateSnippets(base, server, { response, ...others }) {
  const request = { ...others, response: { ...response, ...(response.text && { text: withoutSecrets(response.text) }) } };
  return [
    { name: "curl", text: curlCommand(base, request) },
    { name: "cbcerr", text: cbcerrCommand(base, request) },
    { name: "grpcurl", text: `${grpcurl(server)} -d ${shellQuote(JSON.stringify(request))} \\\n  ${grpcAddress(base, server)} cbc.error.v1.TranslationService/Translate` },
    { name: "Go", text: goProgram(base, server, request) },
    { name: "JavaScript", text: javascriptProgram(base, request) },
    { name: "Python", text: pythonProgram(base, request) },
  ];
}

/** @param {string} base @param {TranslateRequest} request */
function curlCommand(base, { response, locales }) {
  const query = new URLSearchParams(locales.map((locale) => ["locales", locale]));
  if (response.httpStatus) query.append("httpStatus", String(response.httpStatus));
  if (response.origin) query.append("origin.site", response.origin.site);
  return `curl ${shellQuote(`${base}v1/responses:translateRaw?${query}`)} \\\n  --data-raw ${shellQuote(response.text ?? "")}`;
}

/** Returns the gRPC address. A server that listens on all its addresses has the page's host. @param {string} base @param {Server} server */
function grpcAddress(base, { grpcAddr }) {
  const [, host = "", port = "9090"] = /^(.*):(\d+)$/.exec(grpcAddr) ?? [];
  return `${["", "[::]", "0.0.0.0"].includes(host) ? new URL(base).hostname : host}:${port}`;
}

/** @param {Server} server */
const grpcurl = ({ tls }) => (tls ? "grpcurl" : "grpcurl -plaintext");

/** @param {string} base @param {TranslateRequest} request */
function cbcerrCommand(base, { response, locales }) {
  const status = response.httpStatus ? ` --http-status ${response.httpStatus}` : "";
  const site = response.origin ? ` --site ${shellQuote(response.origin.site)}` : "";
  const flags = `${status}${site} --locale ${shellQuote(locales[0] ?? "en")}`;
  return `printf %s ${shellQuote(response.text ?? "")} |\n  cbcerr translate --server ${shellQuote(base)}${flags}`;
}

/** @param {string} base @param {TranslateRequest} request */
function javascriptProgram(base, request) {
  return `const response = await fetch(${literal(`${base}v1/responses:translate`)}, {
  method: "POST",
  body: JSON.stringify(${literal(request)}),
});
const { status, items } = await response.json();
console.log(status.code, status.details?.[0]?.reason, status.details?.[0]?.metadata.message, items.length);`;
}

/** @param {string} base @param {TranslateRequest} request */
function pythonProgram(base, request) {
  return `import json, urllib.request

body = json.dumps(${literal(request)}).encode()
with urllib.request.urlopen(${literal(`${base}v1/responses:translate`)}, body) as response:
    translation = json.load(response)
for detail in translation["status"]["details"][:1]:
    print(detail["reason"], detail["metadata"]["retry"], detail["metadata"]["message"])`;
}

/** @param {string} base @param {Server} server @param {TranslateRequest} request */
function goProgram(base, server, { response, locales }) {
  const [pkg, credentials] = server.tls ? ["credentials", "credentials.NewTLS(nil)"] : ["credentials/insecure", "insecure.NewCredentials()"];
  const status = response.httpStatus ? `\n\t\t\tHttpStatus: ${response.httpStatus},` : "";
  const origin = response.origin ? `\n\t\t\tOrigin: &errorv1.Origin{Site: ${literal(response.origin.site)}},` : "";
  return `package main

import (
	"context"
	"fmt"
	"log"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/${pkg}"
	"google.golang.org/grpc/status"
)

func main() {
	conn, err := grpc.NewClient(${literal(grpcAddress(base, server))}, grpc.WithTransportCredentials(${credentials}))
	if err != nil {
		log.Fatal(err)
	}
	_, err = errorv1.NewTranslationServiceClient(conn).Raise(context.Background(), &errorv1.RaiseRequest{
		Locales: []string{${locales.map(literal).join(", ")}},
		Response: &errorv1.RawResponse{${status}
			Body: &errorv1.RawResponse_Text{Text: ${literal(response.text)}},${origin}
		},
	})
	for _, detail := range status.Convert(err).Details() {
		if e, ok := detail.(*errorv1.CbcError); ok {
			fmt.Println(e.GetCode(), e.GetReason(), e.GetRetry())
		}
	}
}`;
}

/**
 * Returns the snippets of a code. The Go snippet needs a code with one meaning.
 * @param {string} base
 * @param {Server} server
 * @param {import("./catalog.js").Entry} entry
 * @param {number} meanings
 * @returns {Snippet[]}
 */
export function codeSnippets(base, server, entry, meanings) {
  const constant = `ErrorReason_ERROR_REASON_${entry.reason}`;
  const snippets = [
    { name: "curl", text: `curl ${shellQuote(`${base}v1/codes/${entry.code}`)}` },
    { name: "cbcerr", text: `cbcerr code ${entry.code}` },
    { name: "grpcurl", text: `${grpcurl(server)} -d '{"code":"${entry.code}"}' ${grpcAddress(base, server)} cbc.error.v1.CatalogService/GetErrorCode` },
    { name: "Go", text: `for _, detail := range status.Convert(err).Details() {
	e, ok := detail.(*errorv1.CbcError)
	if ok && e.GetReason() == errorv1.${constant} {
		// ${entry.code} or another code with the same reason
	}
}` },
  ];
  return meanings === 1 ? snippets : snippets.filter((s) => s.name !== "Go");
}
