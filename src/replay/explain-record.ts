import type { Decision, DecisionInput } from "../domain/index.ts";
import { compareWithRecord, type Difference } from "./compare.ts";
import type { JudgedRecord } from "./judged-record.ts";
import { inputOf } from "./recorded-input.ts";
import { type Remedy, remediesOf } from "./remedies.ts";
import { caseOf } from "./replayable.ts";
import { Seal } from "./sealed-facts.ts";
import { decideCase, versionsOf } from "./verify.ts";
import type { Versions } from "./versions.ts";

/** One record with all that can be said of it. */
export interface ExplainedRecord {
  readonly record: JudgedRecord;
  /** What it was decided on; what no record holds is not to be read. */
  readonly input: DecisionInput | undefined;
  /** The same decision with a trace; undefined where it cannot be made again, and then why. */
  readonly again: Decision | undefined;
  readonly why: "not_judged" | "no_decision" | "truncated" | "no_versions" | undefined;
  /** What would have to change for it to pass. */
  readonly remedies: readonly Remedy[];
  /** In what the decision made again is not what was recorded. */
  readonly differences: readonly Difference[];
}

/** A decision or closing with the policies that made it, each rule of which says what it was. */
export async function explainRecord(
  record: JudgedRecord,
  first: JudgedRecord | undefined,
  versions: Versions,
): Promise<ExplainedRecord> {
  const found = caseOf(record, first);
  const nothing = { record, input: undefined, again: undefined, remedies: [], differences: [] };
  if (typeof found === "string") return { ...nothing, why: found };
  const named = versionsOf(found);
  const then = named && (await versions.of(named));
  if (then === undefined) return { ...nothing, why: "no_versions" };
  const again = decideCase(found, then, { trace: true });
  if (again === undefined) return { ...nothing, why: "truncated" };
  const input = inputOf(found, {
    seal: new Seal(),
    snapshot: then.snapshot,
    absent: "was_absent",
  });
  const effects = new Map(then.snapshot.rules.map(({ effect, name }) => [name, effect]));
  return {
    ...{ record, input, again, why: undefined },
    remedies: remediesOf(record, again, (rule) => effects.get(rule)),
    differences: compareWithRecord(record, again),
  };
}
