import { resolve } from "node:path";
import type { TlsFiles } from "../sinks/index.ts";
import { isBareUrl, isLoopback } from "./address.ts";
import { checkClientTls, toTlsFiles } from "./config-client-tls.ts";
import type { ConfigObjection } from "./config-objection.ts";
import type { ProviderConfig } from "./config-providers.ts";
import type { ConfigValue } from "./config-schema.ts";

type Otel = ConfigValue["otel"];

/** Where traces go. */
export interface OtelConfig {
  /** Base of an OTLP receiver over HTTP; undefined: nothing is traced. */
  readonly endpoint: string | undefined;
  /** Share, 0 to 1, of exchanges that nobody began a trace for. */
  readonly sampleRatio: number;
  /** What each request of ours is signed in with; the file is absolute. */
  readonly credential: ProviderConfig | undefined;
  /** Undefined: who the system trusts; files are absolute. */
  readonly tls: TlsFiles | undefined;
  /** Each point that was judged is a span too, by names that are still experimental. */
  readonly hasGuardrails: boolean;
}

/** What is wrong with where traces go. */
export function checkOtel({ endpoint, tls }: Otel): readonly ConfigObjection[] {
  const trust = checkClientTls(tls, ["otel", "tls"], endpoint);
  return [...(endpoint === null ? [] : checkEndpoint(endpoint)), ...trust];
}

/** Fills in what follows from the rest. `baseDirectory` is where relative paths start. */
export function toOtel(
  { credential, endpoint, genaiGuardrail, header, prefix, sampleRatio, tls }: Otel,
  baseDirectory: string,
): OtelConfig {
  return {
    endpoint: endpoint ?? undefined,
    sampleRatio,
    credential: credential && {
      credentialFile: resolve(baseDirectory, credential.file),
      header,
      prefix: prefix ?? (header === "authorization" ? "Bearer " : ""),
    },
    tls: tls && toTlsFiles(tls, baseDirectory),
    hasGuardrails: genaiGuardrail === "experimental",
  };
}

function checkEndpoint(endpoint: string): readonly ConfigObjection[] {
  const url = URL.parse(endpoint);
  const path = ["otel", "endpoint"];
  const hint =
    "Write the base URL of an OTLP receiver over HTTP, such as https://otel.example:4318.";
  const isHttp = url?.protocol === "https:" || url?.protocol === "http:";
  if (url === null || !isHttp || !isBareUrl(url)) {
    const message = "expected an https URL without user, query and fragment";
    return [{ path, severity: "error", message, hint }];
  }
  if (url.protocol === "https:" || isLoopback(url.hostname)) return [];
  const message = "without TLS anyone on the way could read who asks for what";
  return [
    { path, severity: "error", message, hint: `${hint} Plain http is for this machine only.` },
  ];
}
