import type { Decision } from "../domain/index.ts";
import type { JudgedRecord, RecordedTool } from "./judged-record.ts";

/** What of a decision became another. */
export type TransitionKind = "verdict" | "redaction" | "route";

/** Decisions of one tenant that became others by one rule. */
export interface Transition {
  /** A verdict label, or what of the same verdict differs. */
  readonly from: string;
  readonly to: string;
  readonly tenant: string | null;
  /** The rule that makes the difference, as far as one decided; null where none did. */
  readonly rule: string | null;
  /** The tool that it was decided on, by its name; absent where it was a request or an answer. */
  readonly tool?: string;
  readonly count: number;
  /** Some of the exchanges. */
  readonly examples: readonly string[];
}

const examplesMax = 5;

/** What of a decision tells which rule is behind a transition. */
export type Sides = Pick<Decision, "outcome" | "verdict" | "decidedBy" | "obligations">;

/** One decision on record, and the one it would have been. */
interface Change {
  readonly before: Sides;
  readonly after: Sides;
  readonly record: JudgedRecord;
  readonly tool?: RecordedTool;
}

/** Counts transitions by what they are from and to, by tenant and by rule. */
export class TransitionTable {
  readonly #rows = new Map<string, Transition & { count: number; examples: string[] }>();

  add(kind: TransitionKind, change: Change): void {
    const { before, after, record, tool } = change;
    const names =
      kind === "verdict"
        ? { from: before.verdict, to: after.verdict }
        : { from: before.verdict, to: kind };
    const named = tool === undefined ? {} : { tool: tool.name };
    const tenant = record.tenant ?? null;
    const rule = ruleBehind(kind, change);
    const key = JSON.stringify([names, tenant, rule, named]);
    const row = this.#rows.get(key) ?? { ...names, tenant, rule, ...named, count: 0, examples: [] };
    this.#rows.set(key, row);
    row.count += 1;
    const { examples } = row;
    if (examples.length < examplesMax && !examples.includes(record.exchange)) {
      examples.push(record.exchange);
    }
  }

  /** The most frequent first. */
  rows(): readonly Transition[] {
    return [...this.#rows.entries()]
      .sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1))
      .map(([, row]) => row);
  }
}

/** What denies now, else what denied before, else whose redaction it is or was, else what permits. */
function ruleBehind(kind: TransitionKind, { after, before }: Change): string | null {
  if (after.outcome === "deny") return after.decidedBy;
  if (before.outcome === "deny") return before.decidedBy ?? after.decidedBy;
  if (kind === "route") return after.decidedBy;
  return changedRedaction(before, after) ?? after.decidedBy;
}

function changedRedaction({ obligations: old }: Sides, { obligations: now }: Sides) {
  const names = new Set([...Object.keys(old.redact ?? {}), ...Object.keys(now.redact ?? {})]);
  for (const name of [...names].sort()) {
    const [was, is] = [old.redact?.[name], now.redact?.[name]];
    if (JSON.stringify(was) !== JSON.stringify(is)) return is?.by ?? was?.by;
  }
  return undefined;
}
