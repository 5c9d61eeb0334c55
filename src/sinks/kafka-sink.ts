import type { Producer } from "@platformatic/kafka";
import { loadLibrary } from "./optional-library.ts";
import { readAccount, readTls, type TlsFiles } from "./secret-file.ts";
import { type Sink, SinkError, type SinkFault, taken } from "./sink.ts";

/** Where Kafka is. */
export interface KafkaConfig {
  /** `HOST:PORT`, one or more to begin with. */
  readonly brokers: readonly string[];
  readonly topic: string;
  /** A file with `USER:PASSWORD`. */
  readonly credentialFile?: string | undefined;
  readonly mechanism: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512";
  /** Undefined: in the clear, on this machine. */
  readonly tls?: TlsFiles | undefined;
}

const library = { name: "@platformatic/kafka", version: "1.35" };
const answerMs = 10_000;

/** Answers of a broker (kafka.apache.org/protocol#protocol_error_codes) that concern what was sent. */
const refusedIds = new Set(["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE", "INVALID_RECORD"]);
/** And those that concern everything, until somebody has changed something. */
const deniedIds = new Set([
  ...["TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED", "SASL_AUTHENTICATION_FAILED"],
  ...["UNSUPPORTED_SASL_MECHANISM", "INVALID_TOPIC_EXCEPTION"],
]);

type KafkaProducer = Producer<string, string, string, string>;

/**
 * Messages of a topic by an idempotent producer, acknowledged by all replicas in sync. The key is the
 * log, so that the lines of one stay in order within its partition.
 */
export async function createKafkaSink(config: KafkaConfig): Promise<Sink> {
  const kafka = await loadLibrary(library, () => import("@platformatic/kafka"));
  let open: KafkaProducer | undefined;

  const connect = async () => {
    if (open !== undefined) return open;
    const { brokers, credentialFile, mechanism, tls } = config;
    const account = credentialFile === undefined ? undefined : await readAccount(credentialFile);
    open = new kafka.Producer({
      ...{ clientId: "chancery", bootstrapBrokers: [...brokers] },
      serializers: kafka.stringSerializers,
      ...{ idempotent: true, acks: kafka.ProduceAcks.ALL },
      // The runner comes back by itself; the client only gives up sooner than it is given up.
      ...{ retries: 2, retryDelay: 200, timeout: answerMs },
      ...{ connectTimeout: answerMs, requestTimeout: answerMs },
      ...(tls && { tls: await readTls(tls) }),
      ...(account && { sasl: { mechanism, username: account.name, password: account.secret } }),
    });
    return open;
  };
  const drop = () => {
    const producer = open;
    open = undefined;
    // What is still under way there fails by itself, and the lines go out again.
    producer?.close(true, () => undefined);
  };

  return {
    batch: { lines: 512, bytes: 512 * 1024 },
    async send(lines, signal) {
      signal.addEventListener("abort", drop, { once: true });
      try {
        const producer = await connect();
        await producer.send({
          messages: lines.map(({ log, seq, text, type }) => ({
            ...{ topic: config.topic, key: log, value: text },
            headers: { log, seq: String(seq), type },
          })),
        });
        return taken;
      } catch (error) {
        // A producer that failed has lost count of its sequence: the next one begins anew.
        drop();
        throw new SinkError(faultOf(error), "expected an acknowledgement of Kafka", {
          cause: error,
        });
      } finally {
        signal.removeEventListener("abort", drop);
      }
    },
    async close() {
      const producer = open;
      open = undefined;
      await new Promise<void>((resolve) => {
        if (producer === undefined) resolve();
        else producer.close(true, () => resolve());
      });
    },
  };
}

/** The worst that an error and those within it say. */
function faultOf(error: unknown): SinkFault {
  if (error instanceof SinkError) return error.fault;
  const ids = apiIds(error, 0);
  if (ids.some((id) => deniedIds.has(id))) return "denied";
  return ids.some((id) => refusedIds.has(id)) ? "refused" : "away";
}

/** Errors of the client hold others, which hold what the broker said. */
const depthMax = 8;

function apiIds(error: unknown, depth: number): readonly string[] {
  if (!(error instanceof Error) || depth > depthMax) return [];
  const { apiId, cause, code, errors } = error as Error & {
    apiId?: unknown;
    code?: unknown;
    errors?: readonly unknown[];
  };
  const own = typeof apiId === "string" ? [apiId] : [];
  const authentication = code === "PLT_KFK_AUTHENTICATION" ? ["SASL_AUTHENTICATION_FAILED"] : [];
  const inner = [cause, ...(errors ?? [])].flatMap((within) => apiIds(within, depth + 1));
  return [...own, ...authentication, ...inner];
}
