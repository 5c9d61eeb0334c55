import { setImmediate as nextRound } from "node:timers/promises";
import { type ParsedPolicies, type PolicyFile, parsePolicies } from "../policy/index.ts";

interface KnownFile {
  readonly file: PolicyFile;
  readonly parsed: ParsedPolicies;
}

/**
 * Parses policy files for a server that is serving: the loop turns between two files, and what was
 * parsed is not parsed again until it changes. Parsing is nearly all of what loading costs.
 */
export class PolicyParser {
  /** Of the last set read ahead, by path and text: never more than one. */
  #known = new Map<string, KnownFile>();

  /** Parses a set piece by piece and forgets all other files. */
  async readAhead(files: readonly PolicyFile[]): Promise<void> {
    const known = new Map<string, KnownFile>();
    for (const file of files) {
      const key = keyOf(file);
      if (known.has(key)) continue;
      const before = this.#known.get(key);
      if (before === undefined) await nextRound();
      known.set(key, before ?? { file, parsed: parsePolicies([file]) });
    }
    this.#known = known;
  }

  /** What one file says; quick for one that was read ahead. */
  readonly parse = (file: PolicyFile): ParsedPolicies => {
    return this.#known.get(keyOf(file))?.parsed ?? parsePolicies([file]);
  };
}

/** Two files under one key say the same: the JSON before the text ends where its list does. */
function keyOf({ namespace, path, text }: PolicyFile): string {
  return JSON.stringify([namespace, path]) + text;
}
