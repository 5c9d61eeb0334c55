import { Fault } from "../base/index.ts";
import type { Decision } from "../domain/index.ts";
import { judgesAnswers } from "../policy/index.ts";
import { decisionInput, type ExchangeCore } from "./core.ts";
import { judgesTools } from "./tool-judge.ts";

/**
 * What would have to be enforced on an answer that is not sent to us cannot be. `offered`: how many
 * tools the model is left with.
 * @throws Fault answer_not_sent
 */
export function requireAnswer(core: ExchangeCore, decision: Decision, offered: number): void {
  const { responseMode, snapshot } = core;
  if (responseMode !== "NONE" || snapshot === undefined) return;
  const { action, app, tenant } = decisionInput(core, "request", []);
  // What is read back may hold calls that another request made possible.
  const mayCall = offered > 0 || action === "llm.read";
  const isJudged =
    (mayCall && judgesTools(core)) ||
    judgesAnswers(snapshot, { tenant, app, action, model: decision.model.used });
  if (!isJudged) return;
  throw new Fault("answer_not_sent", "expected the body of the answer, which a rule must judge");
}
