import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServiceDefinition,
} from "@grpc/grpc-js";
import { loadProcessMethod } from "../../src/probe/index.ts";

/** What a scripted server does about one message. */
export type ScriptedStep =
  /** Sends a ProcessingResponse. */
  | { readonly kind: "answer"; readonly message: object }
  /** Ends with a gRPC status; 0 is the clean end. */
  | { readonly kind: "end"; readonly code: number; readonly details?: string };

/** Decides by the message that came; without a message the peer has half-closed. */
export type Script = (
  message: Readonly<Record<string, unknown>> | undefined,
) => readonly ScriptedStep[];

/** A server of the external-processing protocol that does what a test says, right or wrong. */
export interface ScriptedProcessor {
  /** On a free loopback port. */
  readonly address: string;
  close(): void;
}

/** Starts a server that follows a script on every stream, and ends cleanly after the peer does. */
export async function startScriptedProcessor(script: Script): Promise<ScriptedProcessor> {
  const server = new Server();
  const service: ServiceDefinition = { Process: loadProcessMethod() };
  server.addService(service, {
    Process: (call: ServerDuplexStream<Record<string, unknown>, object>) => follow(call, script),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

function follow(call: ServerDuplexStream<Record<string, unknown>, object>, script: Script): void {
  const run = (steps: readonly ScriptedStep[]): void => {
    for (const step of steps) {
      if (step.kind === "answer") call.write(step.message);
      else if (step.code === 0) call.end();
      else call.emit("error", { code: step.code, details: step.details ?? "" });
    }
  };
  call.on("data", (message) => run(script(message)));
  call.on("end", () => {
    run(script(undefined));
    call.end();
  });
  // A caller that goes away is not this server's failure.
  call.on("error", () => {});
}
