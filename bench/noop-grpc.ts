/** `node bench/noop-grpc.ts unix:/path|HOST:PORT`: the same no-op on grpc-js and proto-loader. */
import { join } from "node:path";
import { argv, exit } from "node:process";
import type { ServerDuplexStream, ServiceClientConstructor } from "@grpc/grpc-js";
import { loadPackageDefinition, Server, ServerCredentials } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

interface Body {
  readonly body: Buffer;
  readonly end_of_stream: boolean;
}

interface Request {
  readonly request?: string;
  readonly request_body?: Body;
  readonly response_body?: Body;
  readonly protocol_config?: {
    readonly request_body_mode: number;
    readonly response_body_mode: number;
  };
}

/** BodySendMode of the protocol. */
const fullDuplexStreamed = 4;

const definition = loadSync("envoy/service/ext_proc/v3/external_processor.proto", {
  includeDirs: [join(import.meta.dirname, "../proto")],
  keepCase: true,
  oneofs: true,
});
const { ExternalProcessor } = (
  loadPackageDefinition(definition) as unknown as {
    envoy: {
      service: { ext_proc: { v3: { ExternalProcessor: ServiceClientConstructor } } };
    };
  }
).envoy.service.ext_proc.v3;

const server = new Server({ "grpc.max_receive_message_length": 10 * 1024 * 1024 });
server.addService(ExternalProcessor.service, {
  process(call: ServerDuplexStream<Request, object>): void {
    let isRequestDuplex = false;
    let isResponseDuplex = true;
    call.on("data", (message: Request) => {
      const modes = message.protocol_config;
      if (modes !== undefined && modes !== null) {
        isRequestDuplex = modes.request_body_mode === fullDuplexStreamed;
        isResponseDuplex = modes.response_body_mode === fullDuplexStreamed;
      }
      const kind = message.request;
      if (kind === undefined) return;
      const isDuplex = kind === "request_body" ? isRequestDuplex : isResponseDuplex;
      const body = message.request_body ?? message.response_body;
      call.write({ [kind]: body !== undefined && body !== null && isDuplex ? echo(body) : {} });
    });
    call.on("end", () => call.end());
    // Envoy resets calls it is done with.
    call.on("error", () => undefined);
  },
});

function echo(body: Body): object {
  return {
    response: {
      body_mutation: {
        streamed_response: { body: body.body, end_of_stream: body.end_of_stream },
      },
    },
  };
}

const wanted = argv[2] ?? "127.0.0.1:0";
const port = await new Promise<number>((resolve, reject) => {
  server.bindAsync(wanted, ServerCredentials.createInsecure(), (error, bound) => {
    if (error === null) resolve(bound);
    else reject(error);
  });
});
const address = wanted.startsWith("unix:") ? wanted : wanted.replace(/:\d+$/, `:${port}`);
console.log(`ready ${address}`);
process.on("SIGTERM", () => {
  server.forceShutdown();
  exit(0);
});
