import { resolve } from "node:path";
import type { TlsFiles } from "../sinks/index.ts";
import type { ConfigPath } from "./config-document.ts";
import type { ConfigObjection } from "./config-objection.ts";
import type { ConfigValue } from "./config-schema.ts";

/** As the file has it; of every receiver the same. */
export type TlsEntry = NonNullable<ConfigValue["otel"]["tls"]>;

const loneHint = "Give both, or neither.";
const plainHint = "Write https in the address, or leave `tls` out.";

/**
 * What is wrong with how a receiver is trusted, and how it knows us. `url`: where it is, if its own
 * address says whether there is TLS at all.
 */
export function checkClientTls(
  tls: TlsEntry | undefined,
  path: ConfigPath,
  url?: string | null,
): readonly ConfigObjection[] {
  if (tls === undefined) return [];
  const isLone = (tls.certFile === undefined) !== (tls.keyFile === undefined);
  const isPlain = URL.parse(url ?? "")?.protocol === "http:";
  return [
    ...(isLone ? [wrong(path, "`certFile` and `keyFile` go together", loneHint)] : []),
    ...(isPlain ? [wrong(path, "there is no TLS with plain http", plainHint)] : []),
  ];
}

/** Files of a TLS client. `baseDirectory` is where relative paths start. */
export function toTlsFiles(tls: TlsEntry, baseDirectory: string): TlsFiles {
  const absolute = (file: string | undefined) =>
    file === undefined ? undefined : resolve(baseDirectory, file);
  return {
    caFile: absolute(tls.caFile),
    certFile: absolute(tls.certFile),
    keyFile: absolute(tls.keyFile),
  };
}

function wrong(path: ConfigPath, message: string, hint: string): ConfigObjection {
  return { path, severity: "error", message, hint };
}
