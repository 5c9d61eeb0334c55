import type { Action } from "../../domain/index.ts";
import type { RuleInPlay } from "../snapshot/rules-in-play.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { enforceableEditions } from "./editions.ts";

/** A permitted request, as far as it decides which rules are in play for its answer. */
export interface PermittedRequest {
  readonly tenant: string | undefined;
  readonly app: string | undefined;
  readonly action: Action;
  /** Id of the model used; null for actions without one. */
  readonly model: string | null;
}

/**
 * Whether some rule in play for the answer of a permitted request acts on what is in it (policy-model
 * 3 and 3.1), or a boundary does: then the answer must be seen. True also where that cannot be told.
 * Rules in shadow change nothing, so they do not count; of a ramped policy both versions do.
 */
export function judgesAnswers(snapshot: Snapshot, request: PermittedRequest): boolean {
  const { tenant, app } = request;
  if (tenant === undefined || app === undefined) return true;
  const scope = snapshot.scopeOf(tenant, app);
  if (scope === undefined) return true;
  const model = scope.models.byId(request.model ?? "");
  if (model === undefined && request.model !== null) return true;
  if (scope.boundaries.some(({ boundary }) => (boundary.maxSensitivity ?? 5) < 5)) return true;
  return enforceableEditions(scope).some((edition) =>
    scope.rulesFor(request.action, model, edition).some(actsOnAnswers),
  );
}

/**
 * What asks for neither classes nor conditions says the same of the answer as of the request, and that
 * was asked already.
 */
function actsOnAnswers({ rule, conditions }: RuleInPlay): boolean {
  const { classes, effect, redaction } = rule;
  switch (effect) {
    // Neither changes an answer: who permits is told by the request, and so is what it is bound to.
    case "allow":
    case "transform":
      return false;
    case "deny":
    case "warn":
      if (classes?.places?.includes("response") === false) return false;
      return classes !== undefined || conditions.early.some(readsAnswer);
    case "redact":
      if (redaction?.directions.includes("response") !== true) return false;
      return redaction.in?.includes("response") ?? true;
  }
}

function readsAnswer({ expression }: RuleInPlay["conditions"]["early"][number]): boolean {
  return expression.reads.has("response") || expression.reads.has("data");
}
