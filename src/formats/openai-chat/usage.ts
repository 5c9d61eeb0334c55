import type { Usage } from "../../domain/index.ts";
import type { JsonDocument } from "../json-document.ts";
import { lastCount, lastMember } from "../members.ts";
import { toUsage } from "../usage.ts";

/** Tokens of an answer or chunk; cached ones are counted in what went in. */
export function readUsage(doc: JsonDocument): Usage | undefined {
  const usage = lastMember(doc, 0, "usage");
  if (usage === undefined) return undefined;
  return toUsage(
    lastCount(doc, usage, "prompt_tokens"),
    lastCount(doc, usage, "completion_tokens"),
  );
}
