import type { Action } from "../domain/index.ts";
import type { Rule } from "./rule.ts";
import type { Snapshot } from "./snapshot.ts";

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
 * 3 and 3.1): then the answer must be seen. True also where that cannot be told.
 */
export function judgesAnswers(snapshot: Snapshot, request: PermittedRequest): boolean {
  const { tenant, app } = request;
  if (tenant === undefined || app === undefined) return true;
  const scope = snapshot.scopeOf(tenant, app);
  if (scope === undefined) return true;
  const model = scope.models.byId(request.model ?? "");
  if (model === undefined && request.model !== null) return true;
  return scope.rulesFor(request.action, model).some(({ rule }) => actsOnAnswers(rule));
}

/** Without classes a rule says the same of the answer as of the request, and that was asked already. */
function actsOnAnswers({ classes, effect, redaction }: Rule): boolean {
  switch (effect) {
    case "allow":
      return false;
    case "deny":
    case "warn":
      return classes !== undefined && (classes.places?.includes("response") ?? true);
    case "redact":
      if (redaction?.directions.includes("response") !== true) return false;
      return redaction.in?.includes("response") ?? true;
  }
}
