import type { Decision } from "../domain/index.ts";
import {
  governsResults,
  governsTools,
  isTransition,
  isWidening,
  type KillSwitches,
  partsThatDiffer,
  type Snapshot,
} from "../policy/index.ts";
import { decideAgain } from "./decide-again.ts";
import type { JudgedRecord, RecordedTool } from "./judged-record.ts";
import { inputOf, type RecordedCase } from "./recorded-input.ts";
import { caseOf, toolCasesOf } from "./replayable.ts";
import { Seal } from "./sealed-facts.ts";
import { SupposedParts } from "./supposed-parts.ts";
import { ToldParts, toldOf } from "./told-parts.ts";
import {
  type Sides,
  type Transition,
  type TransitionKind,
  TransitionTable,
} from "./transitions.ts";
import { hasUnjudgedTools } from "./unjudged-tools.ts";
import {
  decideCase,
  type IsMeant,
  judgedIn,
  type ReplayableRecords,
  versionsOf,
} from "./verify.ts";
import type { Versions, VersionsFound } from "./versions.ts";

/**
 * What other policies would have made of the traffic on record (audit-and-operations 4.9). A record is
 * counted once, whatever tools it tells of; each tool that is decided otherwise is a transition.
 */
export interface AgainstReport {
  /** Decided by the other policies: unchanged, or a transition. */
  replayed: number;
  unchanged: number;
  /**
   * Decisions that hang on what is not on record, or were recorded with less than they were made on;
   * and those that would be the same, of exchanges with tools that nobody judged then.
   */
  undetermined: number;
  /**
   * Of all that could be decided but for that: records of exchanges with tools that nobody judged then,
   * undetermined where nothing else changes.
   */
  unjudgedTools: number;
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
  records: ReplayableRecords,
  versions: Versions,
  candidate: Snapshot,
  isMeant: IsMeant = () => true,
): Promise<AgainstReport> {
  const none = { replayed: 0, unchanged: 0, undetermined: 0, unjudgedTools: 0, skipped: 0 };
  const counts: Counts = { ...none, isWider: false };
  const table = new TransitionTable();
  for await (const { first, record } of judgedIn(records, isMeant)) {
    const decided = await decideByOthers(record, first, { versions, candidate });
    if (record === undefined || typeof decided === "string") {
      counts[decided === "undetermined" ? "undetermined" : "skipped"] += 1;
    } else {
      countDecided(record, decided, { counts, table });
    }
  }
  return { ...counts, transitions: table.rows() };
}

function countDecided(
  record: JudgedRecord,
  { after, hasUnjudgedTools, tools }: DecidedByOthers,
  { counts, table }: { readonly counts: Counts; readonly table: TransitionTable },
): void {
  const before = recordedDecision(record);
  const kind = kindOf(before, after);
  const changed = tools.filter(({ after, tool }) => after.verdict !== tool.verdict);
  const isSame = kind === undefined && changed.length === 0;
  if (hasUnjudgedTools) counts.unjudgedTools += 1;
  if (isSame) {
    // Its tools may be decided otherwise, which nobody can tell.
    if (hasUnjudgedTools) counts.undetermined += 1;
    else counts.unchanged += 1;
  }
  if (!(isSame && hasUnjudgedTools)) counts.replayed += 1;
  if (kind !== undefined) table.add(kind, { before, after, record });
  for (const { after, tool } of changed) {
    table.add("verdict", { before: recordedToolDecision(tool), after, record, tool });
    counts.isWider ||= isWideningOfTool(tool, after);
  }
  counts.isWider ||= isWidening(before, after);
}

type Counts = Omit<AgainstReport, "transitions">;

/** What other policies decide on what a record tells of. */
interface DecidedByOthers {
  readonly after: Decision;
  readonly tools: readonly { readonly tool: RecordedTool; readonly after: Sides }[];
  /** They would have decided on tools too, of which nothing is on record. */
  readonly hasUnjudgedTools: boolean;
}

/** What other policies decide on a record, and on each tool in a request or answer that still passes. */
async function decideByOthers(
  record: JudgedRecord | undefined,
  first: JudgedRecord | undefined,
  { candidate, versions }: { readonly candidate: Snapshot; readonly versions: Versions },
): Promise<DecidedByOthers | "undetermined" | "skipped"> {
  if (record === undefined) return "skipped";
  const found = caseOf(record, first);
  if (found === "truncated") return "undetermined";
  if (typeof found === "string") return "skipped";
  const named = versionsOf(found);
  const then = named && (await versions.of(named));
  const after = decideAnew(found, then, candidate);
  if (after === undefined) return "undetermined";
  const isPassing = record.outcome === "permit" && after.outcome === "permit";
  const tools: { tool: RecordedTool; after: Sides }[] = [];
  for (const one of isPassing ? toolCasesOf(record, first) : []) {
    const ofTool = isGoverned(candidate, one) ? decideAnew(one, then, candidate) : passes;
    if (ofTool === undefined) return "undetermined";
    tools.push({ tool: one.tool, after: ofTool });
  }
  const { decision } = found;
  return {
    after,
    tools,
    hasUnjudgedTools: isPassing && hasUnjudgedTools(decision, then, candidate),
  };
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

/** The same of a tool, of which records hold no obligations. */
function recordedToolDecision(tool: RecordedTool): Sides {
  const { decidedBy = null, outcome, verdict } = tool;
  return {
    outcome: outcome === "permit" ? "permit" : "deny",
    verdict: verdict as Decision["verdict"],
    decidedBy,
    obligations: {},
  };
}

/** Of a tool under policies that say nothing of tools. */
const passes: Sides = { outcome: "permit", verdict: "allow", decidedBy: null, obligations: {} };

/** Whether policies decide on a tool that a record tells of at all. */
function isGoverned(candidate: Snapshot, { decision, tool }: RecordedCase): boolean {
  const { app, tenant } = decision;
  const governs = tool?.point === "tool.result" ? governsResults : governsTools;
  return governs(candidate, { tenant, app });
}

/** A deny became a permit, or what was redacted is so no more. */
function isWideningOfTool({ outcome, verdict }: RecordedTool, after: Sides): boolean {
  if (after.outcome === "deny") return false;
  return outcome === "deny" || (verdict === "redact" && after.verdict !== "redact");
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
