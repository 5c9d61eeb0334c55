import type { Decision, Redaction } from "../../domain/index.ts";
import { canonicalJson } from "../../signing/index.ts";

/** What of a decision a caller or an operator would notice. */
type Noticeable = Pick<
  Decision,
  "outcome" | "verdict" | "reason" | "model" | "obligations" | "warnings"
>;

/** Whether two decisions differ in what is done, whichever rules are behind it. */
export function isTransition(before: Noticeable, after: Noticeable): boolean {
  return canonicalJson(noticeable(before)) !== canonicalJson(noticeable(after));
}

/** Whether a deny became a permit, or a redaction was lost or became weaker (policy-model 11, W15). */
export function isWidening(before: Noticeable, after: Noticeable): boolean {
  if (after.outcome === "deny") return false;
  if (before.outcome === "deny") return true;
  const kept = after.obligations.redact ?? {};
  return Object.entries(before.obligations.redact ?? {}).some(([dataClass, redaction]) => {
    const now = Object.hasOwn(kept, dataClass) ? kept[dataClass] : undefined;
    return now === undefined || !isAsStrong(now, redaction);
  });
}

/** From the strongest to the weakest (policy-model 5.5). */
const methods = ["remove", "mask", "tokenize", "hash", "partial"] as const;

function isAsStrong(now: Redaction, before: Redaction): boolean {
  if (methods.indexOf(now.method) > methods.indexOf(before.method)) return false;
  if (!before.directions.every((direction) => now.directions.includes(direction))) return false;
  const { in: places } = now;
  if (places === undefined) return true;
  return before.in?.every((place) => places.includes(place)) ?? false;
}

function noticeable({ outcome, verdict, reason, model, obligations, warnings }: Noticeable) {
  const { redact = {}, ...others } = obligations;
  return {
    outcome,
    verdict,
    reason,
    used: model.used,
    warnings,
    ...others,
    redact: Object.fromEntries(
      Object.entries(redact).map(([name, { by: _owner, ...redaction }]) => [name, redaction]),
    ),
  };
}
