import type { Decision } from "../domain/index.ts";
import {
  isTransition,
  isWidening,
  type KillSwitches,
  partsThatDiffer,
  type Snapshot,
} from "../policy/index.ts";
import { decideAgain } from "./decide-again.ts";
import type { JudgedRecord } from "./judged-record.ts";
import { inputOf, type RecordedCase } from "./recorded-input.ts";
import { caseOf } from "./replayable.ts";
import { Seal } from "./sealed-facts.ts";
import { SupposedParts } from "./supposed-parts.ts";
import { ToldParts, toldOf } from "./told-parts.ts";
import { type Transition, type TransitionKind, TransitionTable } from "./transitions.ts";
import { decideCase, type IsMeant, judgedIn, type ReplayableRecord, versionsOf } from "./verify.ts";
import type { Versions, VersionsFound } from "./versions.ts";

/** What other policies would have made of the traffic on record (audit-and-operations 4.9). */
export interface AgainstReport {
  /** Decided by the other policies: unchanged, or a transition. */
  replayed: number;
  unchanged: number;
  /** Decisions that hang on what is not on record, or were recorded with less than they were made on. */
  undetermined: number;
  /** Records of nothing that was decided. */
  skipped: number;
  readonly transitions: readonly Transition[];
  /** A deny became a permit, or a redaction was lost or became weaker. */
  isWider: boolean;
}

/** Combinations of what is not on record that are tried for one decision. */
const roundsMax = 256;

/** Decides every decision and closing of a log by other policies. */
export async function compareRecords(
  records: AsyncIterable<ReplayableRecord>,
  versions: Versions,
  candidate: Snapshot,
  isMeant: IsMeant = () => true,
): Promise<AgainstReport> {
  const counts: Counts = { replayed: 0, unchanged: 0, undetermined: 0, skipped: 0, isWider: false };
  const table = new TransitionTable();
  for await (const { first, record } of judgedIn(records, isMeant)) {
    const after = await decideByOthers(record, first, { versions, candidate });
    if (record === undefined || typeof after === "string") {
      counts[after === "undetermined" ? "undetermined" : "skipped"] += 1;
      continue;
    }
    const before = recordedDecision(record);
    const kind = kindOf(before, after);
    counts.replayed += 1;
    if (kind === undefined) counts.unchanged += 1;
    else table.add(kind, { before, after, record });
    counts.isWider ||= isWidening(before, after);
  }
  return { ...counts, transitions: table.rows() };
}

type Counts = Omit<AgainstReport, "transitions">;

/** What other policies decide on a record. */
async function decideByOthers(
  record: JudgedRecord | undefined,
  first: JudgedRecord | undefined,
  { candidate, versions }: { readonly candidate: Snapshot; readonly versions: Versions },
): Promise<Decision | "undetermined" | "skipped"> {
  const found = record === undefined ? "not_judged" : caseOf(record, first);
  if (found === "truncated") return "undetermined";
  if (typeof found === "string") return "skipped";
  const named = versionsOf(found);
  const then = named && (await versions.of(named));
  return decideAnew(found, then, candidate) ?? "undetermined";
}

/** The decision of the candidate, if whatever is not on record does not matter to it. */
function decideAnew(
  found: RecordedCase,
  then: VersionsFound | undefined,
  candidate: Snapshot,
): Decision | undefined {
  const { closing, decision, tool } = found;
  const seal = new Seal();
  const told = new ToldParts(toldOf(tool ?? closing ?? decision, decision, seal));
  const hidden = new SupposedParts({ told, isTold: toldUnder(found, then, candidate), seal });
  const input = inputOf(found, {
    seal,
    snapshot: then?.snapshot ?? candidate,
    absent: "unknown",
  });
  const killSwitches = switchesFor(then, candidate);
  const versions = { snapshot: candidate, killSwitches };
  let decided: Decision | undefined;
  for (let round = 0; round < roundsMax; round += 1) {
    seal.takeTouched();
    const one = decideAgain({ hidden, input, suspended: decision.suspended, versions });
    // Read where nobody could say what stands there.
    if (seal.takeTouched()) return undefined;
    if (decided !== undefined && kindOf(decided, one) !== undefined) return undefined;
    decided = one;
    if (!hidden.next()) return decided;
  }
  return undefined;
}

/**
 * Which hidden parts the record tells of under the candidate: those of rules that are the same there,
 * and that its own policies asked about, so that what it does not say was F.
 */
function toldUnder(
  found: RecordedCase,
  then: VersionsFound | undefined,
  candidate: Snapshot,
): (key: string) => boolean {
  if (then === undefined) return () => false;
  const asked = new Set<string>();
  decideCase(found, then, { asked });
  const differs = partsThatDiffer(then.snapshot, candidate);
  return (key) => asked.has(key) && !differs(key);
}

/** Those thrown then on the fast channel go on to count, beside those of the candidate. */
function switchesFor(then: VersionsFound | undefined, candidate: Snapshot): KillSwitches {
  return then === undefined
    ? candidate.killSwitches
    : then.killSwitches.merge(candidate.killSwitches);
}

/** What a record says was done. */
type Noticed = Parameters<typeof isTransition>[0] & Pick<Decision, "decidedBy">;

function recordedDecision(record: JudgedRecord): Noticed {
  const { decidedBy = null, model, obligations, reason = null, verdict, warnings = [] } = record;
  return {
    outcome: record.outcome === "permit" ? "permit" : "deny",
    verdict: verdict as Decision["verdict"],
    reason,
    decidedBy,
    model: { requested: model?.requested ?? null, used: model?.used ?? null },
    obligations: { redact: (obligations?.redact ?? {}) as NonNullable<Redactions> },
    warnings,
  };
}

type Redactions = Decision["obligations"]["redact"];

/** In what two decisions differ for a caller; undefined: in nothing that is told of here. */
function kindOf(before: Noticed, after: Noticed): TransitionKind | undefined {
  if (before.verdict !== after.verdict) return "verdict";
  // A deny for another reason is the same to its caller.
  if (before.outcome === "deny") return undefined;
  if (before.model.used !== after.model.used) return "route";
  return isTransition(redactionsOf(before), redactionsOf(after)) ? "redaction" : undefined;
}

/** The same decision, but for what is redacted in it. */
function redactionsOf({ model, obligations: { redact = {} } }: Noticed): Noticed {
  const same = { outcome: "permit", verdict: "allow", reason: null, decidedBy: null } as const;
  return { ...same, model, warnings: [], obligations: { redact } };
}
