/**
 * The smallest processor that lets everything pass: it answers each event with "no change", and may
 * name a provider to route to. It judges the Envoy configuration on its own, without our server:
 * built on grpc-js and proto-loader, it shares no code with it.
 */
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

/** A running processor. */
export interface PassThroughProcessor {
  /** `HOST:PORT`. */
  readonly address: string;
  /** Events seen, in order, of all exchanges. */
  readonly events: readonly string[];
  stop(): void;
}

interface Event {
  readonly request: string;
  readonly request_headers?: { readonly end_of_stream: boolean };
  readonly response_body?: { readonly body: Buffer; readonly end_of_stream: boolean };
}

type Call = grpc.ServerDuplexStream<Event, object>;

const path = "/envoy.service.ext_proc.v3.ExternalProcessor/Process";

/** Starts it on a free loopback port. `headers` are set on each request, which is then routed again. */
export async function startPassThroughProcessor(
  headers: Readonly<Record<string, string>> = {},
): Promise<PassThroughProcessor> {
  const events: string[] = [];
  const server = new grpc.Server();
  server.addService(
    { process: processDefinition() },
    { process: (call: Call) => serve(call, toEdit(headers), events) },
  );
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, events, stop: () => server.forceShutdown() };
}

function processDefinition(): grpc.MethodDefinition<object, object> {
  const definitions = loadSync("envoy/service/ext_proc/v3/external_processor.proto", {
    includeDirs: [fileURLToPath(new URL("../../proto", import.meta.url))],
    keepCase: true,
    oneofs: true,
  });
  const service = definitions["envoy.service.ext_proc.v3.ExternalProcessor"];
  const method = (service as grpc.ServiceDefinition | undefined)?.["Process"];
  if (method === undefined) throw new Error(`proto/ defines no ${path}`);
  return method;
}

function toEdit(headers: Readonly<Record<string, string>>): object {
  const set = Object.entries(headers).map(([key, value]) => ({
    header: { key, raw_value: Buffer.from(value) },
    append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
  }));
  if (set.length === 0) return {};
  return { response: { header_mutation: { set_headers: set }, clear_route_cache: true } };
}

function serve(call: Call, edit: object, events: string[]): void {
  call.on("data", (event: Event) => {
    events.push(event.request);
    call.write(answerTo(event, edit));
  });
  call.on("end", () => call.end());
  // The peer went away, which is all that a reset tells.
  call.on("error", () => undefined);
}

function answerTo(event: Event, edit: object): object {
  if (event.request === "response_body") {
    return {
      response_body: { response: { body_mutation: { streamed_response: event.response_body } } },
    };
  }
  const isDecisive = event.request === "request_body" || event.request_headers?.end_of_stream;
  return { [event.request]: isDecisive ? edit : {} };
}
