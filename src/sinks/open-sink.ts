import { createKafkaSink, type KafkaConfig } from "./kafka-sink.ts";
import { createNatsSink, type NatsConfig } from "./nats-sink.ts";
import { createOtlpSink, type OtlpConfig } from "./otlp-sink.ts";
import type { S3Config } from "./s3/bucket.ts";
import type { Sink } from "./sink.ts";
import { createStdoutSink } from "./stdout-sink.ts";
import { createSyslogSink, type SyslogConfig } from "./syslog-sink.ts";

/** One place that records go to, by the name that its cursor and its metrics have. */
export type SinkConfig =
  | LineSinkConfig
  | ({ readonly name: string; readonly kind: "s3" } & S3Config);

/** One that takes lines. */
export type LineSinkConfig = { readonly name: string } & (
  | { readonly kind: "stdout" }
  | ({ readonly kind: "otlp" } & OtlpConfig)
  | ({ readonly kind: "kafka" } & KafkaConfig)
  | ({ readonly kind: "nats" } & NatsConfig)
  | ({ readonly kind: "syslog" } & SyslogConfig)
);

/** What a sink says of who sends. */
export interface SinkSender {
  /** Of this machine. */
  readonly host: string;
  readonly processId: number;
  /** Of Chancery. */
  readonly version: string;
  readonly nowMicros: () => number;
}

/**
 * Makes a sink, without a connection yet. Rejects with `MissingLibraryError` where it needs a library
 * that is not installed.
 */
export async function openLineSink(config: LineSinkConfig, sender: SinkSender): Promise<Sink> {
  switch (config.kind) {
    case "stdout":
      return createStdoutSink();
    case "otlp":
      return createOtlpSink(config, sender);
    case "kafka":
      return await createKafkaSink(config);
    case "nats":
      return await createNatsSink(config);
    case "syslog":
      return createSyslogSink(config, sender);
  }
}
