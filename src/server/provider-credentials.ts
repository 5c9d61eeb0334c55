import { readFileSync, unwatchFile, watchFile } from "node:fs";
import type { HeaderField } from "../domain/index.ts";
import type { OperatorLog } from "../telemetry/index.ts";
import type { ProviderConfig } from "./config-providers.ts";

/** How long a changed file may go unnoticed. */
const lookMs = 2_000;
const credentialCharsMax = 8 * 1024;
/** What may stand in a header (RFC 9110, section 5.5), without blanks at either end. */
const wellFormed = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** The credentials of model providers, which callers never hold. */
export interface ProviderCredentials {
  /** The header a provider is called with; undefined: the caller's own credentials pass. */
  of(provider: string): HeaderField | undefined;
  /**
   * From now on reads a file again when it changes: what cannot be read is told to the operator, and
   * the credential from before stays.
   */
  watch(): void;
  /** Ends watching. */
  close(): void;
}

/**
 * Reads the credential of each provider from its file. Throws where one cannot be read; no message
 * holds what stands in a file.
 */
export function readProviderCredentials(
  providers: Readonly<Record<string, ProviderConfig>>,
  log: Pick<OperatorLog, "info" | "error">,
  watchMs: number = lookMs,
): ProviderCredentials {
  const fields = new Map<string, HeaderField>();
  const entries = Object.entries(providers);
  for (const [provider, config] of entries) fields.set(provider, readCredential(provider, config));
  const watches = entries.map(([provider, config]) => ({
    path: config.credentialFile,
    look: () => {
      try {
        fields.set(provider, readCredential(provider, config));
        log.info(`credential of ${provider} read`);
      } catch (error) {
        log.error(`credential of ${provider} unreadable`, error);
      }
    },
  }));
  return {
    of: (provider) => fields.get(provider),
    watch: () => {
      for (const { look, path } of watches) {
        // Looks at what the path leads to, so that files swapped by link are seen as well.
        watchFile(path, { interval: watchMs, persistent: false }, look);
      }
    },
    close: () => {
      for (const { look, path } of watches) unwatchFile(path, look);
    },
  };
}

function readCredential(provider: string, config: ProviderConfig): HeaderField {
  const { credentialFile, header, prefix } = config;
  const text = readFileSync(credentialFile, "utf8").trim();
  if (text.length > credentialCharsMax || !wellFormed.test(text)) {
    throw new Error(
      `expected one line of at most ${credentialCharsMax} visible characters in ` +
        `${credentialFile}, the credential of ${provider}`,
    );
  }
  return { name: header, value: prefix + text };
}
