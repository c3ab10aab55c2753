/**
 * Executor of the TypeScript client: reads conformance requests from standard input and writes responses to standard output. Its
 * argument is the gRPC library: `connect` or `grpc-js`.
 */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { entryPoints } from "./entrypoints.js";
import { connectClient, grpcJsClient } from "./clients.js";
import { ResponseSchema, RequestSchema, type Response, type Request } from "./gen/cbcerr/conformance/v1/conformance_pb.js";

const libraries = { connect: connectClient, "grpc-js": grpcJsClient };
const connect = libraries[process.argv[2] as keyof typeof libraries];

async function respond(req: Request): Promise<Response> {
  const entryPoint = entryPoints[req.entryPoint];
  if (!entryPoint) return create(ResponseSchema, { name: req.name, failure: `unknown entry point: ${req.entryPoint}` });
  const client = connect(req.grpcTarget);
  try {
    return create(ResponseSchema, { name: req.name, observations: await entryPoint(req, client) });
  } catch (failure) {
    return create(ResponseSchema, { name: req.name, failure: String((failure as Error)?.stack ?? failure) });
  } finally {
    client.close();
  }
}

/** Reads messages from standard input. Each follows its size in four bytes, big-endian. */
async function* messages(): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of process.stdin) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE()) {
      const end = 4 + rest.readUInt32BE();
      yield rest.subarray(4, end);
      rest = rest.subarray(end);
    }
  }
}

for await (const message of messages()) {
  const bytes = toBinary(ResponseSchema, await respond(fromBinary(RequestSchema, message)));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes.length);
  process.stdout.write(Buffer.concat([size, bytes]));
}
