import type { Decision, DecisionInput, FindingGroup } from "../domain/index.ts";
import { type RecordedTool, toRecordedFindings } from "../record/index.ts";
import type { ExchangeCore } from "./core.ts";
import { discreet } from "./discretion.ts";
import { visibleTools } from "./tool-names.ts";

/** The decision on one tool as a record has it: never what it was called with. */
export function toRecordedTool(
  core: ExchangeCore,
  point: RecordedTool["point"],
  {
    decision,
    at,
    findings,
    name,
    quotas,
  }: Pick<RecordedTool, "at"> & {
    /** With its server, where one is known. */
    readonly name: string;
    /** In the arguments of a call. */
    readonly findings?: readonly FindingGroup[];
    readonly decision: Decision;
    /** Of those asked for this tool alone. */
    readonly quotas?: DecisionInput["quotas"];
  },
): RecordedTool {
  const { detector } = core.deps;
  const { dataStatus } = core.knowledge;
  const { decidedBy, outcome, reason, results, verdict, warnings } = decision;
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
    at,
    status: dataStatus === "ok" ? undefined : dataStatus,
    findings: findings === undefined ? undefined : toRecordedFindings(findings),
    results,
  };
}
