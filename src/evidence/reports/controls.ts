import { Exchanges } from "./exchanges.ts";
import { objectOf, objectsOf, textOf, textsOf } from "./fields.ts";
import type { Report, ReportRecord, Selection } from "./report.ts";

/** What was decided under one control of a catalogue that rules name (audit-and-operations 4.9). */
export interface ControlRow {
  readonly control: string;
  /** Rules that never matched without it, sorted. */
  readonly rules: readonly string[];
  /** Exchanges in which a rule of the control matched, */
  readonly decisions: number;
  /** those of them that were denied, */
  readonly denies: number;
  /** and those in which something was redacted. */
  readonly redactions: number;
}

const controlsMax = 1_000;
const rulesMax = 10_000;
/** Stands for all that have no row of their own. */
const other = "other";

interface ControlTally {
  decisions: number;
  denies: number;
  redactions: number;
  /** By rule of a version, the records in which both stand. */
  readonly matches: Map<string, number>;
}

interface Kept {
  /** Digest of the policies that decided. */
  readonly effective: string;
  readonly controls: ReadonlySet<string>;
  readonly isDenied: boolean;
  readonly isRedacted: boolean;
}

/**
 * Rules and decisions by control. A record has the controls of all rules that matched in one list; a
 * rule is said to be of a control if, under one version of the policies, each record it matched in has
 * the control.
 */
export class Controls implements Report<ControlRow> {
  readonly #exchanges: Exchanges<Kept>;
  readonly #controls = new Map<string, ControlTally>();
  /** By rule of a version, the records it matched in. */
  readonly #matches = new Map<string, number>();

  constructor(selection: Selection) {
    this.#exchanges = new Exchanges(selection, {
      keep: (decision) => this.#keep(decision),
      count: (kept, closing) => this.#count(kept, closing),
    });
  }

  get cutShort(): number {
    return this.#exchanges.cutShort;
  }

  take(record: ReportRecord): void {
    this.#exchanges.take(record);
  }

  rows(): readonly ControlRow[] {
    this.#exchanges.finish();
    return [...this.#controls]
      .toSorted(([one], [two]) => (one < two ? -1 : 1))
      .map(([control, { matches, ...sums }]) => ({
        control,
        rules: this.#rulesOf(matches),
        ...sums,
      }));
  }

  #rulesOf(matches: ReadonlyMap<string, number>): readonly string[] {
    const always = [...matches].filter(([key, count]) => count >= (this.#matches.get(key) ?? 0));
    return [...new Set(always.map(([key]) => key.slice(0, key.indexOf(" "))))].sort();
  }

  #keep({ json }: ReportRecord): Kept {
    const effective = textOf(objectOf(json, "versions"), "effective") ?? "";
    this.#match(json, effective);
    return { ...keptOf(json), effective };
  }

  #count(decision: Kept, closing: ReportRecord | undefined): void {
    if (closing !== undefined) this.#match(closing.json, decision.effective);
    const answer = keptOf(closing?.json ?? {});
    for (const control of new Set([...decision.controls, ...answer.controls])) {
      const tally = this.#tally(control);
      tally.decisions += 1;
      if (decision.isDenied || answer.isDenied) tally.denies += 1;
      if (decision.isRedacted || answer.isRedacted) tally.redactions += 1;
    }
  }

  /** Remembers which rules matched under which controls, unless the record does not have them all. */
  #match(json: ReportRecord["json"], effective: string): void {
    const cut = textsOf(json, "truncated");
    if (cut.includes("rules") || cut.includes("controls")) return;
    // One that could not be evaluated may have been dropped, and its controls with it.
    const matched = objectsOf(json, "rules").filter((rule) => rule["match"] === "T");
    const rules = matched.flatMap((rule) => textOf(rule, "id") ?? []);
    const controls = textsOf(json, "controls");
    for (const rule of rules) {
      const key = `${rule} ${effective}`;
      if (!this.#matches.has(key) && this.#matches.size >= rulesMax) continue;
      increment(this.#matches, key);
      for (const control of controls) increment(this.#tally(control).matches, key);
    }
  }

  #tally(control: string): ControlTally {
    const known = this.#controls.get(control);
    if (known !== undefined) return known;
    if (this.#controls.size >= controlsMax && control !== other) return this.#tally(other);
    const tally = { decisions: 0, denies: 0, redactions: 0, matches: new Map<string, number>() };
    this.#controls.set(control, tally);
    return tally;
  }
}

function keptOf(json: ReportRecord["json"]): Omit<Kept, "effective"> {
  return {
    controls: new Set(textsOf(json, "controls")),
    isDenied: textOf(json, "outcome") === "deny",
    isRedacted: textOf(objectOf(json, "applied"), "redactions") === "ok",
  };
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
