import type { Decision } from "../domain/index.ts";
import { targetOf } from "../policy/index.ts";
import type { ExchangeCore } from "./core.ts";

/**
 * Where a watched request goes by itself: to the model it names, under the very name it says. Proxies
 * that select routes by model need to be told. Undefined where it names none, or an alias, which would
 * take a change of its body.
 */
export function watchedTarget({ knowledge, snapshot }: ExchangeCore): Decision["target"] {
  const { identity, requestedModel } = knowledge;
  if (identity === undefined || requestedModel === undefined) return undefined;
  const choice = snapshot?.scopeOf(identity.tenant, identity.app)?.models.choose(requestedModel);
  if (choice?.kind !== "named") return undefined;
  return targetOf(choice.model);
}
