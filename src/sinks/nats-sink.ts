import { readFile } from "node:fs/promises";
import type { NatsConnection } from "@nats-io/transport-node";
import { loadLibrary } from "./optional-library.ts";
import { readAccount, readTls, type TlsFiles } from "./secret-file.ts";
import { type Sink, SinkError, type SinkFault, type SinkLine, taken } from "./sink.ts";

/** Where a NATS server with JetStream is. */
export interface NatsConfig {
  /** `HOST:PORT`, with `nats://` or `tls://` before it if need be. */
  readonly servers: readonly string[];
  /** A subject that one stream listens to. */
  readonly subject: string;
  /** A `.creds` file, or one with `USER:PASSWORD`. */
  readonly credentialFile?: string | undefined;
  /** Undefined: in the clear, on this machine. */
  readonly tls?: TlsFiles | undefined;
}

const version = "3.4";

/** `connectTimeout` of the client, and of one publish until its acknowledgement. */
const answerMs = 10_000;

/** Codes of the JetStream API that concern one message (errors.json of nats-server). */
const messageRefused = new Set([10054, 10077]);

/**
 * Messages of a JetStream stream, each acknowledged before its line counts as sent. A message that
 * comes again has the same `Nats-Msg-Id`, so that the stream drops it within its duplicate window.
 */
export async function createNatsSink(config: NatsConfig): Promise<Sink> {
  const [transport, jetstream] = await Promise.all([
    loadLibrary(
      { name: "@nats-io/transport-node", version },
      () => import("@nats-io/transport-node"),
    ),
    loadLibrary({ name: "@nats-io/jetstream", version }, () => import("@nats-io/jetstream")),
  ]);
  let open: NatsConnection | undefined;

  const connect = async () => {
    if (open !== undefined && !open.isClosed()) return open;
    const { servers, tls } = config;
    const authenticator = await authenticatorOf(config, transport);
    open = await transport.connect({
      ...{ servers: [...servers], name: "chancery", timeout: answerMs, noEcho: true },
      // The runner comes back by itself, and a client that waits inside would hold lines.
      ...{ reconnect: false, maxReconnectAttempts: 0 },
      ...(authenticator && { authenticator }),
      ...(tls && { tls: await readTls(tls) }),
    });
    return open;
  };
  const drop = () => {
    const connection = open;
    open = undefined;
    // What is still under way there fails by itself, and the lines go out again.
    void connection?.close().catch(() => undefined);
  };

  return {
    batch: { lines: 256, bytes: 1024 * 1024 },
    async send(lines, signal) {
      signal.addEventListener("abort", drop, { once: true });
      try {
        const client = jetstream.jetstream(await connect(), { timeout: answerMs });
        await publishAll(lines, (line) =>
          client.publish(config.subject, line.text, { msgID: messageId(line) }),
        );
        return taken;
      } catch (error) {
        const fault = faultOf(error, jetstream);
        if (fault !== "refused") drop();
        throw new SinkError(fault, "expected an acknowledgement of JetStream", { cause: error });
      } finally {
        signal.removeEventListener("abort", drop);
      }
    },
    async close() {
      const connection = open;
      open = undefined;
      await connection?.close();
    },
  };
}

/** The stream takes them in the order in which they come; all of them have to be answered for. */
async function publishAll(
  lines: readonly SinkLine[],
  publish: (line: SinkLine) => Promise<unknown>,
): Promise<void> {
  const answers = await Promise.allSettled(lines.map(publish));
  for (const answer of answers) {
    if (answer.status === "rejected") throw answer.reason;
  }
}

function messageId({ log, seq, type }: SinkLine): string {
  return `${log}:${type === "checkpoint" ? "c" : ""}${seq}`;
}

type Transport = typeof import("@nats-io/transport-node");

async function authenticatorOf({ credentialFile }: NatsConfig, transport: Transport) {
  if (credentialFile === undefined) return undefined;
  const bytes = await readFile(credentialFile).catch((cause) => {
    throw new SinkError("away", `the credential in ${credentialFile} cannot be read`, { cause });
  });
  if (bytes.includes("BEGIN NATS USER JWT")) return transport.credsAuthenticator(bytes);
  const { name, secret } = await readAccount(credentialFile);
  return transport.usernamePasswordAuthenticator(name, secret);
}

function faultOf(error: unknown, jetstream: typeof import("@nats-io/jetstream")): SinkFault {
  if (error instanceof SinkError) return error.fault;
  if (error instanceof jetstream.JetStreamApiError) {
    return messageRefused.has(error.code) ? "refused" : "busy";
  }
  const name = error instanceof Error ? error.name : "";
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause.name : "";
  const isDenied = [name, inner].some((it) => /^(?:Authorization|PermissionViolation)/.test(it));
  return isDenied ? "denied" : "away";
}
