import type { Decision } from "../domain/index.ts";
import { toRecordedRules } from "../record/index.ts";
import { canonicalJson, digestOf } from "../signing/index.ts";
import type { JudgedRecord, RecordedTool } from "./judged-record.ts";

/** One field in which a decision made again is not what was recorded. */
export interface Difference {
  readonly field: string;
  /** Null where the field is not there. */
  readonly recorded: unknown;
  readonly replayed: unknown;
}

/** The fields of a decision or closing that replay must give again (audit-and-operations 2.4). */
export function compareWithRecord(record: JudgedRecord, decision: Decision): readonly Difference[] {
  return differences([
    ["outcome", record.outcome, decision.outcome],
    ["verdict", record.verdict, decision.verdict],
    ["reason", record.reason, decision.reason],
    ["decidedBy", record.decidedBy, decision.decidedBy],
    ["model.used", record.model?.used, decision.model.used],
    ["warnings", record.warnings ?? [], decision.warnings],
    ["lifted", record.lifted ?? [], decision.lifted],
    ["obligationsDigest", record.obligationsDigest, digestOfObligations(decision)],
    ["shadow", shadowOf(record.shadow), shadowOf(decision.shadow)],
    ["rules", record.rules ?? [], toRecordedRules(decision.matched, decision.rules)],
  ]);
}

/** The same of one tool: its outcome and why. */
export function compareWithTool(tool: RecordedTool, decision: Decision): readonly Difference[] {
  return differences([
    [`tools.${tool.name}.outcome`, tool.outcome, decision.outcome],
    [`tools.${tool.name}.verdict`, tool.verdict, decision.verdict],
    [`tools.${tool.name}.reason`, tool.reason, decision.reason],
    [`tools.${tool.name}.decidedBy`, tool.decidedBy, decision.decidedBy],
  ]);
}

type Row = readonly [field: string, recorded: unknown, replayed: unknown];

function differences(rows: readonly Row[]): readonly Difference[] {
  return rows
    .map(([field, recorded = null, replayed = null]) => ({ field, recorded, replayed }))
    .filter(({ recorded, replayed }) => canonicalJson(recorded) !== canonicalJson(replayed));
}

function digestOfObligations({ obligations }: Decision): string | null {
  return Object.keys(obligations).length === 0 ? null : digestOf(obligations);
}

/** Without the rules of the counterfactual, of which records hold as many as there is room for. */
function shadowOf(shadow: JudgedRecord["shadow"] | Decision["shadow"]): object | null {
  if (shadow === undefined || shadow === null) return null;
  const { changed, reason = null, verdict } = shadow;
  return { changed, reason, verdict };
}
