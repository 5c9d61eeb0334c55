import { resolve } from "node:path";
import { isLoopback } from "./address.ts";
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
}

/** What is wrong with where traces go. */
export function checkOtel({ endpoint }: Otel): readonly ConfigObjection[] {
  if (endpoint === null) return [];
  const url = URL.parse(endpoint);
  const path = ["otel", "endpoint"];
  const hint =
    "Write the base URL of an OTLP receiver over HTTP, such as https://otel.example:4318.";
  const isHttp = url?.protocol === "https:" || url?.protocol === "http:";
  if (url === null || !isHttp || url.username !== "" || url.search !== "" || url.hash !== "") {
    const message = "expected an https URL without user, query and fragment";
    return [{ path, severity: "error", message, hint }];
  }
  if (url.protocol === "https:" || isLoopback(url.hostname)) return [];
  const message = "without TLS anyone on the way could read who asks for what";
  return [
    { path, severity: "error", message, hint: `${hint} Plain http is for this machine only.` },
  ];
}

/** Fills in what follows from the rest. `baseDirectory` is where relative paths start. */
export function toOtel(
  { credential, endpoint, header, prefix, sampleRatio }: Otel,
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
  };
}
