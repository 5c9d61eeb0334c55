import type { Decision, DecisionInput } from "../../domain/index.ts";
import type { Model } from "../compile/model-catalog.ts";
import type { BudgetWindow, QuotaKey } from "../compile/quota-budget.ts";
import { type QuotaTerms, resultOf } from "../compile/quota-terms.ts";
import type { AppScope, Snapshot } from "../snapshot/snapshot.ts";

/** What an exchange is expected to use, or has used. */
export interface UsageCount {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly toolCalls: number;
}

/** One quota a permit is bound to, as it stands for this request. Amounts in the quota's unit. */
export interface QuotaDemand {
  /** Full name. */
  readonly quota: string;
  /** Under what its result is told: its name, with the model behind it where each has its own. */
  readonly resultKey: string;
  readonly unit: QuotaTerms["unit"];
  /** Values of its key, in its order; one that is absent is empty. */
  readonly key: readonly string[];
  readonly limit: number;
  readonly window: BudgetWindow;
  readonly onUnavailable: "deny" | "local";
  /** Going over it does not stop this permit. */
  readonly isSoft: boolean;
  readonly cutsStreams: boolean;
  /** What a use costs; undefined where that cannot be told. */
  costOf(usage: UsageCount): number | undefined;
}

/**
 * The quotas of a permit, sorted by name; empty for a deny. `input` is the one it was decided on: a
 * quota whose result there already says `exceeded` was passed all the same, so it stops nothing.
 */
export function quotaDemandsOf(
  snapshot: Snapshot,
  input: DecisionInput,
  decision: Decision,
): readonly QuotaDemand[] {
  const { obligations, outcome } = decision;
  const { app, tenant } = input;
  if (outcome === "deny" || obligations.quotas === undefined) return [];
  if (tenant === undefined || app === undefined) return [];
  const scope = snapshot.scopeOf(tenant, app);
  if (scope === undefined) return [];
  const model = scope.models.byId(decision.model.used ?? "");
  return obligations.quotas.flatMap((name) => {
    const terms = scope.quotas.get(name);
    return terms === undefined ? [] : [toDemand(terms, { scope, input, model })];
  });
}

/** A call by itself uses no tokens: those of the answer it stands in are the request's. */
const oneCall: UsageCount = Object.freeze({ inputTokens: 0, outputTokens: 0, toolCalls: 1 });

/** The request that a quota is asked about. */
interface Asked {
  readonly scope: AppScope;
  readonly input: DecisionInput;
  readonly model: Model | undefined;
}

function toDemand(terms: QuotaTerms, asked: Asked): QuotaDemand {
  const { budget, isShadow, name, onExceed, onUnavailable, unit } = terms;
  const { input, model } = asked;
  const isByModel = budget.key.some((key) => key === "model.id" || key === "model.provider");
  return {
    quota: name,
    resultKey: isByModel && model !== undefined ? `${name}@${model.id}` : name,
    unit,
    key: [unit, ...budget.key.map((key) => keyValueOf(key, input, model) ?? "")],
    limit: budget.limit,
    window: budget.window,
    onUnavailable,
    isSoft:
      isShadow || onExceed === "warn" || resultOf(input.quotas ?? {}, name, model) === "exceeded",
    cutsStreams: budget.cutsStreams && !isShadow && onExceed !== "warn",
    costOf: (usage) => costOf(terms, asked, input.action === "tool.call" ? oneCall : usage),
  };
}

function costOf(
  { budget, unit }: QuotaTerms,
  { scope, input, model }: Asked,
  usage: UsageCount,
): number | undefined {
  if (budget.cost !== undefined) {
    const { app, sensitivityOf, tenant } = scope;
    const toolRisk = input.tool && scope.tools.riskOf(input.tool.name);
    const facts = { input, tenant, app, model, toolRisk, sensitivityOf, usage };
    return scope.costOf(budget.cost).amount(facts);
  }
  switch (unit) {
    case "requests":
      return 1;
    case "tokens":
      return usage.inputTokens + usage.outputTokens;
    case "tool_calls":
      return usage.toolCalls;
    case "usd":
      return input.action === "tool.call" ? 0 : priceOf(model, usage);
  }
}

/** In dollars; undefined where a price that is needed is not stated. */
function priceOf(model: Model | undefined, usage: UsageCount): number | undefined {
  const { input, output } = model?.price ?? {};
  if (input === undefined || output === undefined) return undefined;
  return usage.inputTokens * input + usage.outputTokens * output;
}

function keyValueOf(
  key: QuotaKey,
  { action, app, principal, route, tenant, tool }: DecisionInput,
  model: Model | undefined,
): string | undefined {
  switch (key) {
    case "tenant.id":
      return tenant;
    case "app.id":
      return app;
    case "principal.id":
      return principal?.id;
    case "principal.kind":
      return principal?.kind;
    case "principal.issuer":
      return principal?.issuer;
    case "principal.actor.id":
      return principal?.actor?.id;
    case "model.id":
      return model?.id;
    case "model.provider":
      return model?.provider;
    case "action":
      return action;
    case "tool.name":
      return tool?.name;
    case "route.name":
      return route?.name;
  }
}
