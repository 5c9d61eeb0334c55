import type { Decision, DecisionInput } from "../domain/index.ts";
import type { RecordedTool } from "../record/index.ts";
import type { ExchangeCore } from "./core.ts";
import { discreet } from "./discretion.ts";
import { visibleTools } from "./tool-names.ts";

/** The decision on one tool as a record has it: never what it was called with. */
export function toRecordedTool(
  core: ExchangeCore,
  point: RecordedTool["point"],
  {
    decision,
    name,
    quotas,
  }: {
    /** With its server, where one is known. */
    readonly name: string;
    readonly decision: Decision;
    /** Of those asked for this tool alone. */
    readonly quotas?: DecisionInput["quotas"];
  },
): RecordedTool {
  const { detector } = core.deps;
  const { decidedBy, outcome, reason, verdict, warnings } = decision;
  const slash = name.indexOf("/");
  return {
    point,
    server: slash < 0 ? undefined : discreet(name.slice(0, slash), detector),
    name: discreet(name, detector),
    risk: visibleTools(core)?.riskOf(name),
    outcome,
    verdict,
    reason,
    decidedBy,
    warnings,
    quotas,
  };
}
