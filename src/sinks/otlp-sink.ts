import { createHttpClient } from "./http-client.ts";
import { toOtlpBody } from "./otlp-body.ts";
import { readSecret, type TlsFiles } from "./secret-file.ts";
import { faultOfStatus, type Receipt, type Sink, SinkError, taken } from "./sink.ts";

/** Where an OTLP receiver is. */
export interface OtlpConfig {
  /** All of it, `/v1/logs` included. */
  readonly url: string;
  readonly header: string;
  /** Before the credential, blanks included. */
  readonly prefix: string;
  readonly credentialFile?: string | undefined;
  /** Undefined: who the system trusts. */
  readonly tls?: TlsFiles | undefined;
}

/** Log records over OTLP/HTTP in its JSON encoding (opentelemetry.io/docs/specs/otlp). */
export function createOtlpSink(
  config: OtlpConfig,
  options: { readonly version: string; readonly nowMicros: () => number },
): Sink {
  const { nowMicros, version } = options;
  const http = createHttpClient(config.tls);
  return {
    batch: { lines: 512, bytes: 1024 * 1024 },
    async send(lines, signal) {
      const post = {
        url: config.url,
        headers: { "content-type": "application/json", ...(await authorization(config)) },
        body: toOtlpBody(lines, { nowMicros: nowMicros(), version }),
      };
      const { retryAfter, status, text } = await http.post(post, signal).catch((cause) => {
        throw new SinkError("away", "expected an answer of the OTLP receiver", { cause });
      });
      if (status >= 200 && status < 300) return receiptOf(text);
      const fault = status === 502 || status === 504 ? "busy" : faultOfStatus(status);
      const retryAfterMs = toMillis(retryAfter, nowMicros() / 1000);
      throw new SinkError(fault, `expected status 200, found ${status}`, { retryAfterMs });
    },
    close: async () => http.close(),
  };
}

async function authorization({ credentialFile, header, prefix }: OtlpConfig) {
  if (credentialFile === undefined) return {};
  return { [header]: `${prefix}${await readSecret(credentialFile)}` };
}

/** What a partial success says: what was rejected must not be sent again. */
function receiptOf(answer: string): Receipt {
  try {
    const { partialSuccess } = JSON.parse(answer || "{}") as {
      partialSuccess?: { rejectedLogRecords?: string | number; errorMessage?: string };
    };
    const rejected = Number(partialSuccess?.rejectedLogRecords ?? 0);
    if (!Number.isSafeInteger(rejected) || rejected <= 0) return taken;
    return { rejected, reason: partialSuccess?.errorMessage };
  } catch {
    // It took all of it with a status that says so, in whatever words.
    return taken;
  }
}

/** RFC 9110, section 10.2.3: seconds or a date. */
function toMillis(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^[0-9]{1,6}$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
