import type { BypassRecord } from "./bypass-record.ts";
import {
  encodeNames,
  encodeText,
  integerMember,
  member,
  nameMember,
  wordMember,
} from "./canonical.ts";
import type { ClosingRecord } from "./closing-record.ts";
import { Cuts } from "./cuts.ts";
import type { DecisionRecord } from "./decision-record.ts";
import type { JudgedKind, JudgedRecord } from "./judged-record.ts";
import type { RecordPosition } from "./parts.ts";
import { isWithinBound, writeShrunk } from "./shrink.ts";
import { writeJudged } from "./write-judged.ts";

/**
 * The canonical line of a decision, without its line feed: RFC 8785 narrowed as in
 * audit-and-operations 2.1, at most 16 KiB, lists at most 64 entries, names at most 256 bytes;
 * what was cut is named in `truncated`. Throws a `Bug` for a count or duration that is no number.
 */
export function encodeDecision(record: DecisionRecord, position: RecordPosition): string {
  return encodeJudged("decision", record, position);
}

/** The canonical line of a closing; as `encodeDecision`. */
export function encodeClosing(record: ClosingRecord, position: RecordPosition): string {
  return encodeJudged("closing", record, position);
}

/** The canonical line of a bypass; as `encodeDecision`. */
export function encodeBypass(record: BypassRecord, position: RecordPosition): string {
  const cuts = new Cuts();
  const before =
    nameMember('"app":"', record.app, "app", cuts) +
    wordMember('"at":"', position.at) +
    wordMember('"exchange":"', record.exchange) +
    wordMember('"id":"', position.id) +
    wordMember('"kind":"', "bypass") +
    member('"log":', encodeText(position.log)) +
    wordMember('"reason":"', record.reason) +
    nameMember('"requestId":"', record.requestId, "requestId", cuts) +
    nameMember('"route":"', record.route, "route", cuts) +
    integerMember('"seq":', position.seq) +
    nameMember('"tenant":"', record.tenant, "tenant", cuts);
  return `{${before}${member('"truncated":', encodeNames(cuts.fields, "truncated", cuts))}"v":1}`;
}

function encodeJudged(kind: JudgedKind, record: JudgedRecord, position: RecordPosition): string {
  const line = writeJudged(kind, record, position, new Cuts(record.truncated));
  return isWithinBound(line) ? line : writeShrunk(kind, record, position);
}
