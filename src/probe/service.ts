import { fileURLToPath } from "node:url";
import type { MethodDefinition } from "@grpc/grpc-js";
import { loadSync, type Options } from "@grpc/proto-loader";

/** The definitions, from src/probe and dist/probe alike. */
const protoDirectory = fileURLToPath(new URL("../../proto/", import.meta.url));

/** How messages look as objects: the names of the definitions, absent where the wire was silent, enums as numbers. */
const loaderOptions: Options = {
  includeDirs: [protoDirectory],
  keepCase: true,
  longs: Number,
  bytes: Buffer,
  oneofs: true,
};

/** The one method of the service: how it is called, and how its messages become bytes and back. */
export type ProcessMethod = MethodDefinition<object, object>;

/** Reads the definitions in proto/ at run time; nothing generated ahead is shared with the server. */
export function loadProcessMethod(): ProcessMethod {
  const definitions = loadSync("envoy/service/ext_proc/v3/external_processor.proto", loaderOptions);
  const service = definitions["envoy.service.ext_proc.v3.ExternalProcessor"];
  const method = (service as Readonly<Record<string, ProcessMethod>> | undefined)?.["Process"];
  if (method === undefined) throw new Error(`No ExternalProcessor.Process in ${protoDirectory}`);
  return method;
}
