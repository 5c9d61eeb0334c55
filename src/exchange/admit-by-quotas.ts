import type { Decision } from "../domain/index.ts";
import type { ExchangeCore } from "./core.ts";
import type { Eventually } from "./deps.ts";
import type { Knowledge } from "./knowledge.ts";
import { type Decided, QuotaHold } from "./quota-hold.ts";

/**
 * The decision that holds for a request once its quotas are asked; one without quotas is given back
 * as it is. What is reserved belongs to `core.knowledge.quotas`.
 */
export function admitByQuotas(core: ExchangeCore, decide: () => Decided): Eventually<Decision> {
  const decided = decide();
  const { obligations, outcome } = decided.decision;
  const { deps, knowledge, snapshot } = core;
  if (outcome === "deny" || obligations.quotas === undefined || snapshot === undefined) {
    return decided.decision;
  }
  const hold = new QuotaHold({ deps, snapshot, decide });
  knowledge.quotas = hold;
  return hold.admit(decided);
}

/** What is known of the quotas for which an exchange is refused, those of a call before its own. */
export function refusedQuotas({
  callQuotas,
  quotas,
}: Knowledge): Partial<Pick<QuotaHold, "refusedUnit" | "retryAfterSeconds">> {
  return callQuotas?.refused ?? quotas ?? {};
}
