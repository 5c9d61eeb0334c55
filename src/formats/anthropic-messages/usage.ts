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
 * Tokens under `usage` of a message or event. What went in is the sum of what was read fresh, read
 * from the cache and written to it, which this format counts apart.
 */
export function readUsage(doc: JsonDocument, object: number): Usage | undefined {
  const usage = lastMember(doc, object, "usage");
  if (usage === undefined) return undefined;
  let input: number | undefined;
  for (const name of inputMembers) {
    const count = lastCount(doc, usage, name);
    if (count !== undefined) input = (input ?? 0) + count;
  }
  return toUsage(input, lastCount(doc, usage, "output_tokens"));
}
