import type { JudgedRecord, RecordedTool } from "./judged-record.ts";
import type { RecordedCase } from "./recorded-input.ts";

/** Why a record is not decided again. */
export type Skip =
  /** The exchange ended before it was judged, or by something that no policy decided. */
  | "not_judged"
  /** The first record of the exchange is not there. */
  | "no_decision"
  /** A field that is needed was cut, or says less than what was decided on. */
  | "truncated";

/** Fields without which an input cannot be made again, or its decision not compared. */
const needed = new Set([
  ...["app", "buckets", "decidedBy", "facts", "findings", "lifted", "model", "obligationsDigest"],
  ...["principal", "quotas", "reason", "results", "route", "rules", "suspended", "tenant", "tools"],
  ...["versions", "warnings"],
]);

/**
 * What of the records of one exchange the last of them is a decision on: a request, an answer, or a
 * tool that was denied and with it the request or answer it stood in.
 */
export function caseOf(record: JudgedRecord, first: JudgedRecord | undefined): RecordedCase | Skip {
  const decision = record.kind === "decision" ? record : first;
  if (record.outcome === "none" || isOfBudget(record)) return "not_judged";
  if (decision === undefined) return "no_decision";
  if (decision.versions === undefined) return "not_judged";
  if (isCut(record) || isCut(decision)) return "truncated";
  const tool = tellingTool(record, decision);
  const found = record.kind === "decision" ? { decision } : { decision, closing: record };
  return tool === undefined ? found : { ...found, tool };
}

/** Of each tool that a record tells of, the decision on it. */
export function toolCasesOf(
  record: JudgedRecord,
  first: JudgedRecord | undefined,
): readonly (RecordedCase & { readonly tool: RecordedTool })[] {
  const decision = record.kind === "decision" ? record : first;
  if (decision?.versions === undefined || isCut(record) || isCut(decision)) return [];
  const found = record.kind === "decision" ? { decision } : { decision, closing: record };
  return (record.tools ?? []).map((tool) => ({ ...found, tool }));
}

function isCut({ truncated = [] }: JudgedRecord): boolean {
  return truncated.some((field) => needed.has(field));
}

/** An answer that was cut since it used up a budget: nothing decides that but the counting. */
function isOfBudget({ decidedBy, kind, reason, tools = [] }: JudgedRecord): boolean {
  const isSpent = kind === "closing" && reason === "quota_exceeded" && decidedBy === undefined;
  return isSpent && tools.every(({ outcome }) => outcome === "permit");
}

/** The tool whose deny ended the request or the answer; where an app is only watched none does. */
function tellingTool(
  { kind, outcome, tools = [] }: JudgedRecord,
  { mode }: JudgedRecord,
): RecordedTool | undefined {
  if (outcome !== "deny" || mode === "observe") return undefined;
  const denied = tools.filter((tool) => tool.outcome === "deny");
  if (kind === "decision") {
    return denied.find(({ point }) => point === "tool.result") ?? denied[0];
  }
  const last = tools.at(-1);
  return last?.outcome === "deny" ? last : undefined;
}
