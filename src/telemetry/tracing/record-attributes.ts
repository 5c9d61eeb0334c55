import type { BypassRecord, ClosingRecord, DecisionRecord } from "../../record/index.ts";
import type { Attributes } from "./span.ts";

/** Operations of the semantic conventions for generative AI, by the actions of policies. */
const operations: ReadonlyMap<string, string> = new Map([
  ["llm.generate", "chat"],
  ["llm.embed", "embeddings"],
]);

/** Hex digits of a digest that are enough to tell versions apart. */
const digestDigits = 12;

/**
 * What a span says of a record (audit-and-operations 7): names, labels and numbers, all of which the
 * record has too; nothing of what was asked or answered. Of a closing only what it adds or changes.
 */
export function attributesOf(record: DecisionRecord | ClosingRecord): Attributes {
  const { model, reason, tenant, verdict } = record;
  const isClosing = !("mode" in record);
  const action = isClosing ? undefined : record.action;
  const usage = isClosing ? record.usage : undefined;
  const effective = record.versions?.effective;
  const known: Attributes = {
    "chancery.point": record.point,
    "chancery.verdict": verdict,
    "chancery.reason": reason ?? undefined,
    "chancery.tenant": tenant,
    "chancery.effective": effective?.replace(/^sha256:/, "").slice(0, digestDigits),
    "gen_ai.operation.name": action === undefined ? undefined : operations.get(action),
    "gen_ai.provider.name": model?.provider,
    "gen_ai.request.model": model?.requested ?? undefined,
    "gen_ai.usage.input_tokens": usage?.in,
    "gen_ai.usage.output_tokens": usage?.out,
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

/** What a span says of an exchange that passed unjudged. */
export function attributesOfBypass({ reason, tenant }: BypassRecord): Attributes {
  return { "chancery.bypass": reason, "chancery.tenant": tenant };
}
