/**
 * Where records go beside the log (audit-and-operations 5): each sink reads the segments behind the
 * durable mark, at its own pace and from its own cursor, and sends every line as it is. The log is
 * the queue, so a sink that is slow or away holds up nobody and loses nothing. Clients of Kafka, NATS
 * and S3 are loaded when a configuration names them. Start with `openSinks`.
 */
export { createHttpClient } from "./http-client.ts";
export type { SinkConfig } from "./open-sink.ts";
export { readSent } from "./read-sent.ts";
export type { SinkStatus } from "./runner.ts";
export { createS3Anchor } from "./s3/anchor.ts";
export { type Bucket, openBucket, type S3Config } from "./s3/bucket.ts";
export type { TlsFiles } from "./secret-file.ts";
export { openSinks, type Sinks, type SinksOptions } from "./sinks.ts";
export type { HoldStatus, SinkObserver, SinkTrouble } from "./work.ts";
