// How programs get the answer that the page shows. Each snippet works as it is pasted.

/** @typedef {{response: {httpStatus: number, headers: Record<string, string>, text: string, origin?: {site: string}}, locales: string[]}} TranslateRequest */
/** @typedef {{name: string, text: string}} Snippet */

/** One word of a shell, whatever is in it. @param {string} text */
export const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * A literal of Go, Python and JavaScript alike: JSON's escapes are theirs too.
 * @param {unknown} value
 */
const literal = (value) => JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029").replaceAll("\u007f", "\\u007f");

/**
 * @param {string} base the address of the server
 * @param {TranslateRequest} request
 * @returns {Snippet[]}
 */
export function translateSnippets(base, request) {
  return [
    { name: "curl", text: curl(base, request) },
    { name: "cbcerr", text: commandLine(base, request) },
    { name: "grpcurl", text: `grpcurl -plaintext -d ${quoted(JSON.stringify(request))} \\\n  ${grpc(base)} cbc.error.v1.TranslationService/Translate` },
    { name: "Go", text: go(base, request) },
    { name: "JavaScript", text: javascript(base, request) },
    { name: "Python", text: python(base, request) },
  ];
}

/** @param {string} base @param {TranslateRequest} request */
function curl(base, { response, locales }) {
  const query = new URLSearchParams({ httpStatus: String(response.httpStatus) });
  for (const locale of locales) query.append("locales", locale);
  if (response.origin) query.append("origin.site", response.origin.site);
  for (const [name, value] of Object.entries(response.headers)) query.append(`headers[${name}]`, value);
  return `curl ${quoted(`${base}v1/responses:translateRaw?${query}`)} \\\n  --data-raw ${quoted(response.text)}`;
}

/** The address of gRPC, whose port no page knows: that of a server without flags. @param {string} base */
const grpc = (base) => `${new URL(base).hostname}:9090`;

/** @param {string} base @param {TranslateRequest} request */
function commandLine(base, { response, locales }) {
  const head = Object.entries(response.headers).map(([name, value]) => `${name}: ${value}\n`).join("");
  const site = response.origin ? ` --site ${quoted(response.origin.site)}` : "";
  const flags = `${site} --locale ${quoted(locales[0] ?? "en")}`;
  return `printf %s ${quoted(`HTTP/1.1 ${response.httpStatus}\n${head}\n${response.text}`)} |\n  cbcerr translate --server ${quoted(base)}${flags}`;
}

/** @param {string} base @param {TranslateRequest} request */
function javascript(base, request) {
  return `const answer = await fetch(${literal(`${base}v1/responses:translate`)}, {
  method: "POST",
  body: JSON.stringify(${literal(request)}),
});
const { status, items } = await answer.json();
console.log(status.code, status.details?.[0]?.reason, status.details?.[0]?.metadata.message, items.length);`;
}

/** @param {string} base @param {TranslateRequest} request */
function python(base, request) {
  return `import json, urllib.request

body = json.dumps(${literal(request)}).encode()
with urllib.request.urlopen(${literal(`${base}v1/responses:translate`)}, body) as answer:
    translation = json.load(answer)
for detail in translation["status"]["details"][:1]:
    print(detail["reason"], detail["metadata"]["retry"], detail["metadata"]["message"])`;
}

/** @param {string} base @param {TranslateRequest} request */
function go(base, { response, locales }) {
  const headers = Object.entries(response.headers).map(([name, value]) => `${literal(name)}: ${literal(value)}`).join(", ");
  const origin = response.origin ? `\n\t\t\tOrigin: &errorv1.Origin{Site: ${literal(response.origin.site)}},` : "";
  return `package main

import (
	"context"
	"fmt"
	"log"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

func main() {
	conn, err := grpc.NewClient(${literal(grpc(base))}, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	_, err = errorv1.NewTranslationServiceClient(conn).Raise(context.Background(), &errorv1.RaiseRequest{
		Locales: []string{${locales.map(literal).join(", ")}},
		Response: &errorv1.RawResponse{
			HttpStatus: ${response.httpStatus},
			Headers: map[string]string{${headers}},
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

/** The programs for a code with a number of meanings: Go's is about one. @param {string} base @param {import("./catalog.js").Entry} entry @param {number} meanings @returns {Snippet[]} */
export function codeSnippets(base, entry, meanings) {
  const constant = `ErrorReason_ERROR_REASON_${entry.reason}`;
  const all = [
    { name: "curl", text: `curl ${quoted(`${base}v1/codes/${entry.code}`)}` },
    { name: "cbcerr", text: `cbcerr code ${entry.code}` },
    { name: "grpcurl", text: `grpcurl -plaintext -d '{"code":"${entry.code}"}' ${grpc(base)} cbc.error.v1.CatalogService/GetErrorCode` },
    { name: "Go", text: `for _, detail := range status.Convert(err).Details() {
	e, ok := detail.(*errorv1.CbcError)
	if ok && e.GetReason() == errorv1.${constant} {
		// ${entry.code}, and every other code of the same meaning
	}
}` },
  ];
  return meanings === 1 ? all : all.filter((s) => s.name !== "Go");
}
