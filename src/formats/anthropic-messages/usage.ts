import type { Usage } from "../../domain/index.ts";
import type { JsonDocument } from "../json-document.ts";
import { lastCount, lastMember } from "../members.ts";
import { toUsage } from "../usage.ts";

const inputMembers = [
  "input_tokens",
  "cache_creation_input_tokens",
  "cache_read_input_tokens",
] as const;

/**
 * The tokens of one message. What went in is the sum of what was read fresh, read from the cache and
 * written to it, which this format counts apart. A stream says them more than once, not always all
 * of them: each count is cumulative, so the last one given holds.
 */
export class TokenCounts {
  readonly #input: (number | undefined)[] = [];
  #output: number | undefined;

  /** Takes what `usage` of this object says; undefined where it says nothing. */
  read(doc: JsonDocument, object: number): Usage | undefined {
    const usage = lastMember(doc, object, "usage");
    if (usage === undefined) return undefined;
    for (const [index, name] of inputMembers.entries()) {
      this.#input[index] = lastCount(doc, usage, name) ?? this.#input[index];
    }
    this.#output = lastCount(doc, usage, "output_tokens") ?? this.#output;
    const known = this.#input.filter((count) => count !== undefined);
    const input = known.length === 0 ? undefined : known.reduce((sum, count) => sum + count, 0);
    return toUsage(input, this.#output);
  }
}
