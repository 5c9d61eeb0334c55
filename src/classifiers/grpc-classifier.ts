import { Client, credentials, Metadata, status } from "@grpc/grpc-js";
import type { ClassifierLabel } from "../detect/index.ts";
import type { HeaderField } from "../domain/index.ts";
import { classifyPath, decodeResponse, encodeRequest } from "./classify-codec.ts";
import type { Adapter } from "./guarded-classifier.ts";

/** Where a classifier is called over gRPC, and as whom. */
export interface GrpcEndpoint {
  /** `HOST:PORT`. */
  readonly address: string;
  /** Undefined: in the clear. `ca` is PEM; undefined there: the authorities of the machine. */
  readonly tls: { readonly ca: Buffer | undefined } | undefined;
  readonly credential: () => HeaderField | undefined;
}

/** More than any answer about texts of the size that is asked about. */
const answerBytesMax = 4 * 1024 * 1024;

/** Asks a server of proto/chancery/classifier/v1/classifier.proto. */
export function grpcAdapter({ address, credential, tls }: GrpcEndpoint): Adapter {
  const channel =
    tls === undefined ? credentials.createInsecure() : credentials.createSsl(tls.ca ?? null);
  const client = new Client(address, channel, {
    "grpc.max_receive_message_length": answerBytesMax,
    // A proxy meant for the world outside is not told what is asked about.
    "grpc.enable_http_proxy": 0,
    // Whether and when to ask again is decided outside.
    "grpc.enable_retries": 0,
    "grpc.service_config_disable_resolution": 1,
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 2_000,
  });
  return {
    label: (question, signal) =>
      new Promise<readonly ClassifierLabel[]>((resolve, reject) => {
        const metadata = new Metadata();
        const field = credential();
        if (field !== undefined) metadata.set(field.name, field.value);
        const call = client.makeUnaryRequest(
          classifyPath,
          encodeRequest,
          decodeResponse,
          question,
          metadata,
          (error, labels) => {
            if (error === null) return resolve(labels ?? []);
            // Its details are the server's words, which may quote what was asked about.
            reject(new Error(`expected an answer, found the status ${status[error.code]}`));
          },
        );
        const cancel = () => call.cancel();
        if (signal.aborted) cancel();
        else signal.addEventListener("abort", cancel, { once: true });
      }),
    close: () => client.close(),
  };
}
