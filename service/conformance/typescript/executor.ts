/**
 * The executor of the TypeScript client: it does what tasks say and reports what the client made of the answers. Its
 * argument is the library that speaks gRPC: `connect` or `grpc-js`.
 */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { doors } from "./doors.js";
import { overConnect, overGrpcJs } from "./clients.js";
import { ReportSchema, TaskSchema, type Report, type Task } from "./gen/cbcerr/conformance/v1/conformance_pb.js";

const libraries = { connect: overConnect, "grpc-js": overGrpcJs };
const connect = libraries[process.argv[2] as keyof typeof libraries];

async function report(task: Task): Promise<Report> {
  const door = doors[task.door];
  if (!door) return create(ReportSchema, { name: task.name, failure: `no such door: ${task.door}` });
  const client = connect(task.grpcTarget);
  try {
    return create(ReportSchema, { name: task.name, readings: await door(task, client) });
  } catch (failure) {
    return create(ReportSchema, { name: task.name, failure: String((failure as Error)?.stack ?? failure) });
  } finally {
    client.close();
  }
}

/** The messages that standard input has, each behind its size. */
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
  const bytes = toBinary(ReportSchema, await report(fromBinary(TaskSchema, message)));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes.length);
  process.stdout.write(Buffer.concat([size, bytes]));
}
