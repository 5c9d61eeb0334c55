import { Exchanges } from "./exchanges.ts";
import { countOf, objectOf, textOf } from "./fields.ts";
import { type MeasureId, measureIds, measures } from "./measures.ts";
import { hasForeignMember, isComplete } from "./record-schema.ts";
import { isSelected, isWithin, type Report, type ReportRecord, type Selection } from "./report.ts";

/** One measure over the time of the report (audit-and-operations 4.9). */
export interface SloRow {
  readonly measure: MeasureId;
  /** A share is rounded to six decimals; null: the log cannot tell, or there was nothing. */
  readonly value: number | null;
  readonly target: number | null;
  /** Null where there is no value or no target. */
  readonly met: boolean | null;
}

const latencyMaxMicros = 50_000;
const faultEnds = new Set(["server_error", "deadline", "drained", "lost"]);
const carriedOutEnds = new Set(["refused", "cut"]);

/** How many there were, and how many of them as they should be. */
class Share {
  #all = 0;
  #good = 0;

  add(isGood: boolean): void {
    this.#all += 1;
    if (isGood) this.#good += 1;
  }

  /** Adds such as are not as they should be. */
  addBad(count: number): void {
    this.#all += count;
  }

  get value(): number | null {
    return this.#all === 0 ? null : Math.round((this.#good / this.#all) * 1e6) / 1e6;
  }
}

interface Kept {
  readonly isEnforced: boolean;
  readonly isComplete: boolean;
  readonly isDenied: boolean;
  /** `outcome` and `end` of the decision. */
  readonly outcome: string;
  readonly end: string | undefined;
}

/** The measures M1 to M15 and O5, as far as records tell them. */
export class ServiceLevels implements Report<SloRow> {
  readonly #selection: Selection;
  readonly #exchanges: Exchanges<Kept>;
  readonly #shares = {
    M1: new Share(),
    M2: new Share(),
    M3: new Share(),
    M4: new Share(),
    M7: new Share(),
    M9: new Share(),
    M13: new Share(),
    M14: new Share(),
    O5: new Share(),
  };
  #records = 0;
  #foreign = 0;
  #clashes = 0;
  #policyRecords = 0;
  #rollbacks = 0;

  constructor(selection: Selection) {
    this.#selection = selection;
    this.#exchanges = new Exchanges(selection, {
      keep: (decision) => this.#keep(decision),
      count: (kept, closing, isOver) => this.#count(kept, closing, isOver),
    });
  }

  get cutShort(): number {
    return this.#exchanges.cutShort;
  }

  take(record: ReportRecord): void {
    this.#exchanges.take(record);
    switch (record.kind) {
      case "bypass":
        this.#bypass(record);
        return;
      case "shed":
        this.#shed(record);
        return;
      case "beat":
        this.#beat(record);
        return;
      case "policy":
        this.#policy(record);
        return;
      default:
    }
  }

  rows(): readonly SloRow[] {
    this.#exchanges.finish();
    const { M1, M2, M3, M4, M7, M9, M13, M14, O5 } = this.#shares;
    const values: Readonly<Partial<Record<MeasureId, number | null>>> = {
      M1: M1.value,
      M2: M2.value,
      M3: M3.value,
      M4: M4.value,
      M7: M7.value,
      M8: this.#records === 0 ? null : this.#foreign,
      M9: M9.value,
      M12: this.#records === 0 ? null : this.#clashes,
      M13: M13.value,
      M14: M14.value,
      M15: this.#policyRecords === 0 ? null : this.#rollbacks,
      O5: O5.value,
    };
    return measureIds.map((measure) => rowOf(measure, values[measure] ?? null));
  }

  #keep({ json }: ReportRecord): Kept {
    const { M1 } = this.#shares;
    const outcome = textOf(json, "outcome") ?? "none";
    const isEnforced = json["mode"] === "enforce";
    if (outcome !== "none") M1.add(latencyOf(json) <= latencyMaxMicros);
    this.#judge("decision", json, isEnforced);
    return {
      isEnforced,
      isComplete: isComplete("decision", json),
      isDenied: outcome === "deny",
      outcome,
      end: textOf(json, "end"),
    };
  }

  #count(kept: Kept, closing: ReportRecord | undefined, isOver: boolean): void {
    const json = closing?.json;
    if (json !== undefined) this.#judge("closing", json, kept.isEnforced);
    // One that is still running is neither complete nor not.
    if (!isOver) return;
    const end = json === undefined ? (kept.end ?? "lost") : textOf(json, "end");
    const { M3, M4, M7, O5 } = this.#shares;
    const isLost = end === "lost";
    const hasAll = kept.isComplete && (json === undefined || isComplete("closing", json));
    M7.add(hasAll && !isLost);
    const isFault = end === undefined || faultEnds.has(end);
    O5.add(!isFault);
    M3.add(!isFault);
    if (kept.outcome !== "none") M4.add(kept.isDenied || json?.["outcome"] === "deny");
  }

  /** What either record says of what was decided and done. */
  #judge(kind: string, json: ReportRecord["json"], isEnforced: boolean): void {
    const { M2, M13, M14 } = this.#shares;
    this.#records += 1;
    if (hasForeignMember(kind, json)) this.#foreign += 1;
    if (json["reason"] === "obligation_conflict") this.#clashes += 1;
    if (!isEnforced) return;
    const applied = objectOf(json, "applied");
    for (const [name, state] of Object.entries(applied)) {
      if (state !== "ok" && state !== "failed") continue;
      M2.add(state === "ok");
      if (name === "redactions") M14.add(state === "ok");
    }
    const end = textOf(json, "end");
    if (json["outcome"] !== "deny" || end === undefined) return;
    // Who goes away, or meets a fault, gets nothing: that shows neither the one nor the other.
    if (!carriedOutEnds.has(end) && end !== "complete") return;
    M13.add(end !== "complete");
    M2.add(end !== "complete");
  }

  #bypass(record: ReportRecord): void {
    if (!isSelected(this.#selection, record)) return;
    this.#records += 1;
    if (hasForeignMember("bypass", record.json)) this.#foreign += 1;
    this.#shares.M3.add(false);
    this.#shares.O5.add(true);
  }

  /** Refusals by overload are nobody's: they came before anything was read. */
  #shed({ at, json }: ReportRecord): void {
    if (!this.#isOfAll(at)) return;
    this.#shares.M3.addBad(countOf(json, "count"));
    this.#shares.O5.addBad(countOf(json, "count"));
  }

  #beat({ at, json }: ReportRecord): void {
    if (this.#isOfAll(at)) this.#shares.M7.addBad(countOf(json, "lost"));
  }

  #policy({ at, json }: ReportRecord): void {
    if (!isWithin(this.#selection, at)) return;
    this.#policyRecords += 1;
    const event = textOf(json, "event");
    if (event === "rolled_back") this.#rollbacks += 1;
    if (event === "activated" || event === "rejected") this.#shares.M9.add(event === "activated");
  }

  #isOfAll(at: string): boolean {
    const { app, tenant } = this.#selection;
    return tenant === undefined && app === undefined && isWithin(this.#selection, at);
  }
}

/** What the decision took of us; without its stages, all the time until it. */
function latencyOf(json: ReportRecord["json"]): number {
  const times = objectOf(json, "timeUs");
  const stages = ["parse", "detect", "evaluate", "queue"].filter((stage) => stage in times);
  if (stages.length === 0) return countOf(times, "total");
  return stages.reduce((sum, stage) => sum + countOf(times, stage), 0);
}

function rowOf(measure: MeasureId, value: number | null): SloRow {
  const { isFloor, target } = measures[measure];
  if (value === null || target === null) return { measure, value, target, met: null };
  return { measure, value, target, met: isFloor ? value >= target : value <= target };
}
