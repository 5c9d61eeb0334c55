/** A real NATS server with JetStream, for tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import type { Cleanup } from "./chancery-process.ts";
import { debianTool } from "./debian-tools.ts";
import { freePort, type ServerProcess, startServerProcess } from "./server-process.ts";

export interface NatsServer extends ServerProcess {
  /** `HOST:PORT`. */
  readonly address: string;
  readonly user: string;
  readonly password: string;
  /** Makes the stream that listens to a subject. */
  addStream(subject: string, messageBytesMax?: number): Promise<void>;
  /** Everything the stream holds, in order. */
  messages(): Promise<readonly { readonly id: string; readonly text: string }[]>;
}

const stream = "AUDIT";
const [user, password] = ["gov", "correct horse"];

/** Starts one that keeps its stream on disk. */
export async function startNats(t: Cleanup): Promise<NatsServer> {
  const { environment, path } = await debianTool("nats-server");
  const folder = mkdtempSync(join(tmpdir(), "nats-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const args = ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", folder];
  const server = await startServerProcess(t, {
    ...{ path, port, environment },
    args: [...args, "--user", user, "--pass", password],
  });
  const ask = async <T>(
    question: (connection: Awaited<ReturnType<typeof connect>>) => Promise<T>,
  ) => {
    const connection = await connect({ servers: address, user, pass: password });
    try {
      return await question(connection);
    } finally {
      await connection.close();
    }
  };
  return {
    ...{ address, user, password },
    get pid() {
      return server.pid;
    },
    ...{ start: server.start, stop: server.stop, pause: server.pause, resume: server.resume },
    addStream: (subject, messageBytesMax) =>
      ask(async (connection) => {
        const manager = await jetstreamManager(connection);
        await manager.streams.add({
          ...{ name: stream, subjects: [subject] },
          ...(messageBytesMax && { max_msg_size: messageBytesMax }),
        });
      }),
    messages: () =>
      ask(async (connection) => {
        const { state } = await (await jetstreamManager(connection)).streams.info(stream);
        if (state.messages === 0) return [];
        const consumer = await jetstream(connection).consumers.get(stream);
        const found: { id: string; text: string }[] = [];
        for await (const message of await consumer.fetch({
          ...{ max_messages: state.messages, expires: 5_000 },
        })) {
          found.push({ id: message.headers?.get("Nats-Msg-Id") ?? "", text: message.string() });
          if (found.length === state.messages) break;
        }
        return found;
      }),
  };
}
