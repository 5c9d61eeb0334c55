import { resolve } from "node:path";
import type { ConfigValue } from "./config-schema.ts";

/** How the gateway itself is known to a model provider. */
export interface ProviderConfig {
  /** An absolute path; the credential is the file's text. */
  readonly credentialFile: string;
  /** The header it goes into, in lower case. */
  readonly header: string;
  /** Stands before it, blanks included. */
  readonly prefix: string;
}

/** Fills in how each provider takes its credential (audit-and-operations 16). */
export function toProviders(
  providers: ConfigValue["providers"],
  baseDirectory: string,
): Readonly<Record<string, ProviderConfig>> {
  return Object.fromEntries(
    Object.entries(providers).map(([name, { credential, header, prefix }]) => {
      const ownHeader = header ?? headerOf(name);
      return [
        name,
        {
          credentialFile: resolve(baseDirectory, credential.file),
          header: ownHeader,
          prefix: prefix ?? (ownHeader === "authorization" ? "Bearer " : ""),
        },
      ];
    }),
  );
}

/** The header of those that have one of their own; what everyone else speaks is OAuth's. */
function headerOf(name: string): string {
  const provider = name.toLowerCase();
  if (provider.startsWith("anthropic")) return "x-api-key";
  if (provider.startsWith("azure")) return "api-key";
  if (/^(?:google|gemini)/.test(provider)) return "x-goog-api-key";
  return "authorization";
}
