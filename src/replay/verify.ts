import type { Decision } from "../domain/index.ts";
import { compareWithRecord, compareWithTool, type Difference } from "./compare.ts";
import { decideAgain } from "./decide-again.ts";
import { type JudgedRecord, readJudged } from "./judged-record.ts";
import { inputOf, type RecordedCase } from "./recorded-input.ts";
import { caseOf, type Skip, toolCasesOf } from "./replayable.ts";
import { Seal } from "./sealed-facts.ts";
import { ToldParts, toldOf } from "./told-parts.ts";
import type { Versions, VersionsFound } from "./versions.ts";

/** One record as it is read from a log, in the order of the log. */
export interface ReplayableRecord {
  readonly kind: string;
  readonly log: string;
  readonly seq: number;
  /** All its members. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Records in the order of their log, one log after the other. */
export type ReplayableRecords = Iterable<ReplayableRecord> | AsyncIterable<ReplayableRecord>;

/** What came of deciding records again (audit-and-operations 4.9). */
export interface VerifyReport {
  /** Decided again: `same`, or one of `differences` at least. */
  replayed: number;
  same: number;
  /** Records that say less than was decided on. */
  undetermined: number;
  /** Records of nothing that was decided, and of policies that are not kept. */
  skipped: number;
  readonly differences: (Difference & {
    readonly log: string;
    readonly seq: number;
    readonly exchange: string;
  })[];
}

/** Decides every decision and closing of a log again, by the versions it names, and compares. */
export async function verifyRecords(
  records: ReplayableRecords,
  versions: Versions,
  isMeant: IsMeant = () => true,
): Promise<VerifyReport> {
  const report: VerifyReport = {
    replayed: 0,
    same: 0,
    undetermined: 0,
    skipped: 0,
    differences: [],
  };
  for await (const { first, record, log, seq } of judgedIn(records, isMeant)) {
    const differences =
      record === undefined ? "not_judged" : await verifyRecord(record, first, versions);
    if (record === undefined || typeof differences === "string") {
      if (differences === "truncated") report.undetermined += 1;
      else report.skipped += 1;
      continue;
    }
    report.replayed += 1;
    if (differences.length === 0) report.same += 1;
    const { exchange } = record;
    report.differences.push(...differences.map((one) => ({ log, seq, exchange, ...one })));
  }
  return report;
}

/** A decision or closing, and the decision that its exchange began with. */
export interface JudgedInLog extends Pick<ReplayableRecord, "log" | "seq"> {
  /** Undefined where its fields are not of the types that this version knows. */
  readonly record: JudgedRecord | undefined;
  /** Undefined for a closing whose decision was not among the records. */
  readonly first: JudgedRecord | undefined;
}

/** Which records are decided again; a closing has its decision beside it, meant or not. */
export type IsMeant = (record: ReplayableRecord) => boolean;

/** The decisions and closings that are meant, each with the decision of its exchange. */
export async function* judgedIn(
  records: ReplayableRecords,
  isMeant: IsMeant = () => true,
): AsyncGenerator<JudgedInLog> {
  const open = new Map<string, JudgedRecord>();
  for await (const one of records) {
    const { json, kind, log, seq } = one;
    if (kind !== "decision" && kind !== "closing") continue;
    const record = readJudged(json);
    const first = record && firstOf(record, open);
    if (isMeant(one)) yield { record, first, log, seq };
  }
}

/** The decision of the exchange; `open` has those whose closing is to come. */
function firstOf(record: JudgedRecord, open: Map<string, JudgedRecord>): JudgedRecord | undefined {
  const { exchange, final, kind } = record;
  if (kind === "decision") {
    if (final !== true) open.set(exchange, record);
    return record;
  }
  const first = open.get(exchange);
  open.delete(exchange);
  return first;
}

/** In what one record differs; or why it is not decided again. */
async function verifyRecord(
  record: JudgedRecord,
  first: JudgedRecord | undefined,
  versions: Versions,
): Promise<readonly Difference[] | Skip | "no_versions"> {
  const found = caseOf(record, first);
  if (typeof found === "string") return found;
  const named = versionsOf(found);
  const then = named && (await versions.of(named));
  if (then === undefined) return "no_versions";
  const again = decideCase(found, then);
  if (again === undefined) return "truncated";
  const ofTools = toolCasesOf(record, first).flatMap((one) => {
    const decided = decideCase(one, then);
    return decided === undefined ? [] : compareWithTool(one.tool, decided);
  });
  return [...compareWithRecord(record, again), ...ofTools];
}

/** A closing names versions only where kill switches came after its decision. */
export function versionsOf({ closing, decision }: RecordedCase): JudgedRecord["versions"] {
  return closing?.versions ?? decision.versions;
}

/** What else is wanted of a decision made again. */
export interface CaseOptions {
  /** True: say of each rule why it was what it was. */
  readonly trace?: boolean;
  /** Gets the keys of all hidden parts that the decision hung on. */
  readonly asked?: Set<string>;
}

/**
 * The decision on what records tell of, by the policies they were made by; undefined where they lack
 * what it hangs on.
 */
export function decideCase(
  found: RecordedCase,
  versions: VersionsFound,
  { asked, trace = false }: CaseOptions = {},
): Decision | undefined {
  const seal = new Seal();
  const { closing, decision, tool } = found;
  const hidden = new ToldParts(toldOf(tool ?? closing ?? decision, decision, seal));
  const again = decideAgain({
    versions,
    input: inputOf(found, { seal, snapshot: versions.snapshot, absent: "was_absent" }),
    hidden,
    suspended: decision.suspended,
    trace,
  });
  for (const key of hidden.asked) asked?.add(key);
  return hidden.lacksBucket ? undefined : again;
}
