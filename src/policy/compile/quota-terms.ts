import type { DecisionInput, QuotaResult } from "../../domain/index.ts";
import { documentsOf, type PolicyDocument } from "../documents/document.ts";
import type { Model } from "./model-catalog.ts";
import { type Budget, budgetOf } from "./quota-budget.ts";

/** What a decision needs to know of a quota (policy-model 8); counting is not its business. */
export interface QuotaTerms {
  /** `<namespace>/<name>`. */
  readonly name: string;
  readonly unit: "requests" | "tokens" | "usd" | "tool_calls";
  readonly onExceed: "deny" | "route" | "warn";
  readonly onUnavailable: "deny" | "local";
  /** Enforced in the counterfactual only. */
  readonly isShadow: boolean;
  readonly budget: Budget;
}

/** The quotas among documents, sorted by name. */
export function compileQuotaTerms(documents: readonly PolicyDocument[]): readonly QuotaTerms[] {
  return documentsOf(documents, "Quota")
    .map(({ metadata: { name, namespace }, spec }) => ({
      name: `${namespace}/${name}`,
      unit: spec.unit,
      onExceed: spec.onExceed ?? ("deny" as const),
      onUnavailable: spec.onUnavailable ?? ("deny" as const),
      isShadow: spec.mode === "shadow",
      budget: budgetOf(spec),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What the quotas of a permit make of it. */
export type QuotaRuling =
  | "pass"
  | "warn"
  /** The next candidate may still pass. */
  | "route"
  | "quota_exceeded"
  | "quota_unavailable";

/** From the one that counts most; the first three end a candidate or the request. */
const precedence: readonly QuotaRuling[] = ["quota_exceeded", "quota_unavailable", "route", "warn"];

/** What a permit's quotas are asked about. */
export interface QuotaQuestion {
  /** Full names; all of them must pass. */
  readonly quotas: readonly string[];
  readonly results: NonNullable<DecisionInput["quotas"]>;
  readonly model: Model | undefined;
  /** True: quotas in shadow are enforced. */
  readonly isCounterfactual: boolean;
}

/** What several quotas come to together: the strictest of what each of them asks for. */
export function ruleOnQuotas(
  terms: ReadonlyMap<string, QuotaTerms>,
  question: QuotaQuestion,
): QuotaRuling {
  const rulings = new Set<QuotaRuling>();
  for (const name of question.quotas) {
    const quota = terms.get(name);
    if (quota !== undefined) rulings.add(ruleOnOne(quota, question));
  }
  return precedence.find((ruling) => rulings.has(ruling)) ?? "pass";
}

function ruleOnOne(
  { name, unit, onExceed, onUnavailable, isShadow }: QuotaTerms,
  { results, model, isCounterfactual }: QuotaQuestion,
): QuotaRuling {
  if (isShadow && !isCounterfactual) return "pass";
  const result = resultOf(results, name, model);
  if (result === "unavailable") return onUnavailable === "deny" ? "quota_unavailable" : "pass";
  if (result !== "exceeded" || (unit === "usd" && isFree(model))) return "pass";
  return onExceed === "deny" ? "quota_exceeded" : onExceed;
}

/**
 * What a quota was found to be for a candidate: where models have budgets of their own the result
 * stands under `<quota>@<model>`, so that one that is spent says nothing of the next.
 */
export function resultOf(
  results: NonNullable<DecisionInput["quotas"]>,
  name: string,
  model: Pick<Model, "id"> | undefined,
): QuotaResult {
  const ofModel = model === undefined ? undefined : `${name}@${model.id}`;
  if (ofModel !== undefined && Object.hasOwn(results, ofModel)) return results[ofModel] ?? "ok";
  return Object.hasOwn(results, name) ? (results[name] ?? "ok") : "ok";
}

/** Both prices are stated, and both are nothing. */
function isFree(model: Model | undefined): boolean {
  return model?.price?.input === 0 && model.price.output === 0;
}
