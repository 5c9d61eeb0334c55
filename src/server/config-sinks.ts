import { resolve } from "node:path";
import type { S3Config, SinkConfig } from "../sinks/index.ts";
import { isLoopback, parseAddress } from "./address.ts";
import { checkClientTls, type TlsEntry, toTlsFiles } from "./config-client-tls.ts";
import type { ConfigPath } from "./config-document.ts";
import type { ConfigObjection } from "./config-objection.ts";
import type { ConfigValue } from "./config-schema.ts";

type Entry = ConfigValue["sinks"][number];
type S3Entry = NonNullable<Entry["s3"]>;

const kinds = ["stdout", "otlp", "kafka", "nats", "s3", "syslog"] as const;

/** RFC 5425, section 4.1. */
const syslogPort = 6514;

/** What is wrong with the places that records go to. */
export function checkSinks(sinks: readonly Entry[]): readonly ConfigObjection[] {
  const names = sinks.map(nameOf);
  return sinks.flatMap((entry, index) => {
    const path = ["sinks", index];
    const given = kindsOf(entry);
    if (given.length !== 1) {
      const found = given.length === 0 ? "none" : given.join(" and ");
      const message = `a sink is one of ${kinds.join(", ")}; found ${found}`;
      return [wrong(path, message, "Write one of them, and an entry for each further sink.")];
    }
    const isDouble = names.indexOf(nameOf(entry)) !== index;
    const message = `another sink is called "${nameOf(entry)}"`;
    return [
      ...(isDouble ? [wrong(path, message, "Give each a `name` of its own.")] : []),
      ...checkKind(entry, path),
    ];
  });
}

/** What is wrong with a bucket. */
export function checkBucket(
  { endpoint, tls }: S3Entry,
  path: ConfigPath,
): readonly ConfigObjection[] {
  const hint = "Write https://s3.example, for example; without one it is Amazon's.";
  return [
    ...(endpoint === undefined ? [] : checkUrl(endpoint, [...path, "endpoint"], hint)),
    ...checkClientTls(tls, [...path, "tls"], endpoint),
  ];
}

/** Sinks as they are opened. `baseDirectory` is where relative paths start. */
export function toSinks(sinks: readonly Entry[], baseDirectory: string): readonly SinkConfig[] {
  return sinks.map((entry) => toSink(entry, baseDirectory));
}

/** A bucket as it is opened. */
export function toBucket(
  { bucket, credential, endpoint, prefix = "", region, tls }: S3Entry,
  baseDirectory: string,
): S3Config {
  return {
    ...{ bucket, region, endpoint, prefix },
    credentialFile: absolute(credential?.file, baseDirectory),
    tls: tls && toTlsFiles(tls, baseDirectory),
  };
}

function toSink(entry: Entry, base: string): SinkConfig {
  const { kafka, nats, otlp, s3, syslog } = entry;
  const name = nameOf(entry);
  if (otlp !== undefined) {
    const { credential, header = "authorization", tls, url } = otlp;
    const { prefix = header === "authorization" ? "Bearer " : "" } = otlp;
    const credentialFile = absolute(credential?.file, base);
    const files = tls && toTlsFiles(tls, base);
    return { name, kind: "otlp", url, header, prefix, credentialFile, tls: files };
  }
  if (kafka !== undefined) {
    const { brokers, credential, mechanism = "SCRAM-SHA-512", tls, topic } = kafka;
    const credentialFile = absolute(credential?.file, base);
    const files = tls && toTlsFiles(tls, base);
    return { name, kind: "kafka", brokers, topic, mechanism, credentialFile, tls: files };
  }
  if (nats !== undefined) {
    const { credential, servers, subject, tls } = nats;
    const credentialFile = absolute(credential?.file, base);
    const files = tls && toTlsFiles(tls, base);
    return { name, kind: "nats", servers, subject, credentialFile, tls: files };
  }
  if (s3 !== undefined) return { name, kind: "s3", ...toBucket(s3, base) };
  if (syslog !== undefined) {
    const { host, port = syslogPort, tls = {} } = syslog;
    return { name, kind: "syslog", host, port, tls: toTlsFiles(tls, base) };
  }
  return { name, kind: "stdout" };
}

function checkKind(entry: Entry, path: ConfigPath): readonly ConfigObjection[] {
  const { kafka, nats, otlp, s3, syslog } = entry;
  const otlpHint = "Write https://collector.example:4318/v1/logs, for example.";
  return [
    ...(otlp ? checkUrl(otlp.url, [...path, "otlp", "url"], otlpHint) : []),
    ...(kafka ? checkServers(kafka.brokers, kafka.tls, [...path, "kafka", "brokers"]) : []),
    ...(nats ? checkServers(nats.servers, nats.tls, [...path, "nats", "servers"]) : []),
    ...(s3 ? checkBucket(s3, [...path, "s3"]) : []),
    ...checkClientTls(otlp?.tls, [...path, "otlp", "tls"], otlp?.url),
    ...checkClientTls(kafka?.tls, [...path, "kafka", "tls"]),
    ...checkClientTls(nats?.tls, [...path, "nats", "tls"]),
    ...checkClientTls(syslog?.tls, [...path, "syslog", "tls"]),
  ];
}

function checkUrl(text: string, path: ConfigPath, hint: string): readonly ConfigObjection[] {
  const url = URL.parse(text);
  const isPlain = url?.protocol === "http:" && isLoopback(url.hostname);
  const isSecret = url !== null && url.username === "" && url.password === "";
  if (isSecret && (url.protocol === "https:" || isPlain)) return [];
  const message = "expected an https address without a password in it; plain http only on loopback";
  return [wrong(path, message, hint)];
}

/** Records name tenants, models and rules: nobody on the way is to read them. */
function checkServers(
  servers: readonly string[],
  tls: TlsEntry | undefined,
  path: ConfigPath,
): readonly ConfigObjection[] {
  return servers.flatMap((server, index) => {
    const address = parseAddress(server);
    const place = [...path, index];
    if (address?.kind !== "tcp") {
      return [wrong(place, "expected HOST:PORT", "Write broker.example:9093, for example.")];
    }
    if (tls !== undefined || isLoopback(address.host)) return [];
    const message = "without TLS only servers on this machine are spoken to";
    return [wrong(place, message, "Add `tls: {}`, with `caFile` where the authority is your own.")];
  });
}

function kindsOf(entry: Entry): readonly string[] {
  return kinds.filter((kind) => entry[kind] !== undefined);
}

function nameOf(entry: Entry): string {
  return entry.name ?? kindsOf(entry)[0] ?? "";
}

function absolute(file: string | undefined, base: string): string | undefined {
  return file === undefined ? undefined : resolve(base, file);
}

function wrong(path: ConfigPath, message: string, hint: string): ConfigObjection {
  return { path, severity: "error", message, hint };
}
