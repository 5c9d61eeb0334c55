import type { SinkLine } from "./sink.ts";

/** Facility 13, log audit, with severity 6, informational (RFC 5424, section 6.2.1). */
const priority = 13 * 8 + 6;
/** Structured data of our own has an enterprise number; this one is for examples (RFC 5612). */
const structuredId = "chancery@32473";

/**
 * A line as a syslog message (RFC 5424) in its frame (RFC 5425, section 4.3): its length in bytes, a
 * blank, and the message, which ends with the line as it is.
 */
export function toSyslogFrame(
  { log, seq, text, type }: SinkLine,
  { host, processId }: { readonly host: string; readonly processId: number },
): string {
  const [, at = "-"] = /"at":"([0-9T:.-]{26}Z)"/.exec(text) ?? [];
  const [, kind = type] = /"kind":"([a-z]{1,32})"/.exec(text) ?? [];
  const name = type === "record" ? kind : type;
  const data = `[${structuredId} log="${log}" seq="${seq}" type="${type}"]`;
  const head = `<${priority}>1 ${at} ${host} chancery ${processId} ${name}`;
  const message = `${head} ${data} ${text}`;
  return `${Buffer.byteLength(message)} ${message}`;
}
