import { recordListMax } from "../base/index.ts";
import type { Decision, RuleTrace, ShadowDecision } from "../domain/index.ts";
import {
  encodeList,
  encodeName,
  encodeNames,
  encodeObject,
  encodeText,
  isRecordableKey,
  member,
  nameMember,
  sortedKeys,
  wordMember,
} from "./canonical.ts";
import type { Cuts } from "./cuts.ts";
import { encodeData } from "./encode-data.ts";
import { encodeFinding } from "./encode-parts.ts";
import type { RecordedTool } from "./parts.ts";

/*
 * Encoders of what a decision says beside its outcome: lifts, tools, the counterfactual, the trace.
 * As in `encode-parts.ts`, members are in canonical order, and cuts are named.
 */

export function encodeLift(
  { by, rule }: Decision["lifted"][number],
  field: string,
  cuts: Cuts,
): string {
  return `{"by":${encodeName(by, field, cuts)},"rule":${encodeName(rule, field, cuts)}}`;
}

export function encodeShadow(shadow: ShadowDecision | null | undefined, cuts: Cuts): string {
  if (shadow === undefined || shadow === null) return "";
  const { changed, reason, rules, verdict } = shadow;
  return `{"changed":${changed},${
    nameMember('"reason":"', reason, "shadow", cuts) +
    member('"rules":', encodeNames(rules, "shadow", cuts))
  }"verdict":"${verdict}"}`;
}

export function encodeTool(tool: RecordedTool, field: string, cuts: Cuts): string {
  const members =
    wordMember('"at":"', tool.at) +
    nameMember('"decidedBy":"', tool.decidedBy, field, cuts) +
    member('"findings":', encodeList(tool.findings, field, cuts, encodeFinding)) +
    nameMember('"name":"', tool.name, field, cuts) +
    wordMember('"outcome":"', tool.outcome) +
    wordMember('"point":"', tool.point) +
    member('"quotas":', encodeData(tool.quotas, field, cuts)) +
    nameMember('"reason":"', tool.reason, field, cuts) +
    member('"results":', encodeResults(tool.results, field, cuts)) +
    nameMember('"risk":"', tool.risk, field, cuts) +
    nameMember('"server":"', tool.server, field, cuts) +
    wordMember('"status":"', tool.status) +
    wordMember('"verdict":"', tool.verdict) +
    member('"warnings":', encodeNames(tool.warnings, field, cuts));
  return `{${members.slice(0, -1)}}`;
}

/** Keys are names of ours, so that one which cannot stand is left out and not cut. */
export function encodeResults(results: Decision["results"], field: string, cuts: Cuts): string {
  if (results === undefined) return "";
  let members = "";
  let count = 0;
  for (const key of sortedKeys(results)) {
    if (count === recordListMax || !isRecordableKey(key)) {
      cuts.add(field);
      continue;
    }
    members += `${encodeText(key)}:"${results[key]}",`;
    count += 1;
  }
  return encodeObject(members);
}

export function encodeTraced({ at, match, rule }: RuleTrace, field: string, cuts: Cuts): string {
  return `{${nameMember('"at":"', at, field, cuts)}"match":"${match}","rule":${encodeName(rule, field, cuts)}}`;
}
