import type { BypassRecord } from "./bypass-record.ts";
import {
  encodeNames,
  encodeText,
  integerMember,
  member,
  nameMember,
  trueMember,
  wordMember,
} from "./canonical.ts";
import type { ClosingRecord } from "./closing-record.ts";
import { Cuts, type CutWatcher } from "./cuts.ts";
import type { DecisionRecord } from "./decision-record.ts";
import type { JudgedKind, JudgedRecord } from "./judged-record.ts";
import type { RecordPosition } from "./parts.ts";
import { isWithinBound, writeShrunk } from "./shrink.ts";
import { writeJudged } from "./write-judged.ts";

/**
 * The canonical line of a decision, without its line feed: RFC 8785 narrowed as in
 * audit-and-operations 2.1, at most 16 KiB, lists at most 64 entries, names at most 256 bytes;
 * what was cut is named in `truncated`, and told to the watcher. Throws a `Bug` for a count or
 * duration that is no number.
 */
export function encodeDecision(
  record: DecisionRecord,
  position: RecordPosition,
  watcher?: CutWatcher,
): string {
  return encodeJudged("decision", { record, position, watcher });
}

/** The canonical line of a closing; as `encodeDecision`. */
export function encodeClosing(
  record: ClosingRecord,
  position: RecordPosition,
  watcher?: CutWatcher,
): string {
  return encodeJudged("closing", { record, position, watcher });
}

/** The canonical line of a bypass; as `encodeDecision`. */
export function encodeBypass(
  record: BypassRecord,
  position: RecordPosition,
  watcher?: CutWatcher,
): string {
  const cuts = new Cuts();
  const before =
    nameMember('"app":"', record.app, "app", cuts) +
    wordMember('"at":"', position.at) +
    wordMember('"exchange":"', record.exchange) +
    wordMember('"id":"', position.id) +
    wordMember('"kind":"', "bypass") +
    trueMember('"late":', position.late) +
    member('"log":', encodeText(position.log)) +
    wordMember('"reason":"', record.reason) +
    nameMember('"requestId":"', record.requestId, "requestId", cuts) +
    nameMember('"route":"', record.route, "route", cuts) +
    integerMember('"seq":', position.seq) +
    nameMember('"tenant":"', record.tenant, "tenant", cuts);
  tell(watcher, cuts);
  return `{${before}${member('"truncated":', encodeNames(cuts.fields, "truncated", cuts))}"v":1}`;
}

interface Judged {
  readonly record: JudgedRecord;
  readonly position: RecordPosition;
  readonly watcher: CutWatcher | undefined;
}

function encodeJudged(kind: JudgedKind, { record, position, watcher }: Judged): string {
  const cuts = new Cuts(record.truncated);
  const line = writeJudged(kind, record, position, cuts);
  if (isWithinBound(line)) {
    tell(watcher, cuts);
    return line;
  }
  const shrunk = writeShrunk(kind, record, position);
  tell(watcher, shrunk.cuts);
  return shrunk.line;
}

function tell(watcher: CutWatcher | undefined, { fields }: Cuts): void {
  if (fields !== undefined) watcher?.truncated(fields);
}
