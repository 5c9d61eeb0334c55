import {
  encodeList,
  encodeNames,
  encodeText,
  integerMember,
  member,
  nameMember,
  trueMember,
  wordMember,
} from "./canonical.ts";
import type { Cuts } from "./cuts.ts";
import { encodeData } from "./encode-data.ts";
import {
  encodeApplied,
  encodeFacts,
  encodeFinding,
  encodeHop,
  encodeModel,
  encodeObligations,
  encodePrincipal,
  encodeRule,
  encodeSide,
  encodeTimes,
  encodeTrace,
  encodeUsage,
  encodeVersions,
} from "./encode-parts.ts";
import {
  encodeLift,
  encodeResults,
  encodeShadow,
  encodeTool,
  encodeTraced,
} from "./encode-rulings.ts";
import type { JudgedKind, JudgedRecord } from "./judged-record.ts";
import type { RecordPosition } from "./parts.ts";

/**
 * The whole line of a decision or closing, its members in canonical order, however long it gets.
 * What had to be cut is added to `cuts`.
 */
export function writeJudged(
  kind: JudgedKind,
  record: JudgedRecord,
  position: RecordPosition,
  cuts: Cuts,
): string {
  const before =
    wordMember('"action":"', record.action) +
    nameMember('"app":"', record.app, "app", cuts) +
    member('"applied":', encodeApplied(record.applied)) +
    wordMember('"at":"', position.at) +
    member('"buckets":', encodeData(record.buckets, "buckets", cuts)) +
    member('"controls":', encodeNames(record.controls, "controls", cuts)) +
    nameMember('"decidedBy":"', record.decidedBy, "decidedBy", cuts) +
    wordMember('"end":"', record.end) +
    member('"evaluated":', encodeList(record.evaluated, "evaluated", cuts, encodeTraced)) +
    wordMember('"exchange":"', record.exchange) +
    member('"facts":', encodeFacts(record.facts, cuts)) +
    wordMember('"fallback":"', fallbackOf(record, position)) +
    trueMember('"final":', record.final) +
    member('"findings":', encodeList(record.findings, "findings", cuts, encodeFinding)) +
    member('"hops":', encodeList(record.hops, "hops", cuts, encodeHop)) +
    wordMember('"id":"', position.id) +
    member('"input":', encodeSide(record.input)) +
    wordMember('"kind":"', kind) +
    trueMember('"late":', position.late) +
    member('"lifted":', encodeList(record.lifted, "lifted", cuts, encodeLift)) +
    member('"log":', encodeText(position.log)) +
    wordMember('"mode":"', record.mode) +
    member('"model":', encodeModel(record.model, cuts)) +
    member('"obligations":', encodeObligations(record.obligations, cuts)) +
    nameMember('"obligationsDigest":"', record.obligationsDigest, "obligationsDigest", cuts) +
    wordMember('"outcome":"', record.outcome) +
    member('"output":', encodeSide(record.output)) +
    wordMember('"point":"', record.point) +
    member('"principal":', encodePrincipal(record.principal, cuts)) +
    member('"quotas":', encodeData(record.quotas, "quotas", cuts)) +
    nameMember('"reason":"', record.reason, "reason", cuts) +
    nameMember('"requestId":"', record.requestId, "requestId", cuts) +
    member('"results":', encodeResults(record.results, "results", cuts)) +
    integerMember('"retainDays":', record.retainDays) +
    nameMember('"route":"', record.route, "route", cuts) +
    member('"rules":', encodeList(record.rules, "rules", cuts, encodeRule)) +
    integerMember('"seq":', position.seq) +
    member('"shadow":', encodeShadow(record.shadow, cuts)) +
    member('"suspended":', encodeNames(record.suspended, "suspended", cuts)) +
    nameMember('"tenant":"', record.tenant, "tenant", cuts) +
    member('"timeUs":', encodeTimes(record.timeUs)) +
    member('"tools":', encodeList(record.tools, "tools", cuts, encodeTool)) +
    member('"trace":', encodeTrace(record.trace, cuts));
  // Written first, since they may be cut as well, though `truncated` stands before them.
  const versions = encodeVersions(record.versions, cuts);
  const warnings = encodeNames(record.warnings, "warnings", cuts);
  return (
    "{" +
    before +
    member('"truncated":', encodeNames(cuts.fields, "truncated", cuts)) +
    trueMember('"unsigned":', record.unsigned) +
    member('"usage":', encodeUsage(record.usage)) +
    '"v":1,"verdict":"' +
    record.verdict +
    (versions === "" ? '"' : `","versions":${versions}`) +
    (warnings === "" ? "}" : `,"warnings":${warnings}}`)
  );
}

/** A decision that is written late let its exchange pass without a record (4.8 `continue`). */
function fallbackOf(
  { fallback }: JudgedRecord,
  { late }: RecordPosition,
): JudgedRecord["fallback"] {
  return late === true && fallback !== undefined ? "open" : fallback;
}
