import { Type } from "typebox";
import { Value } from "typebox/value";
import type { PolicyUsage } from "../../policy/index.ts";
import { UsageError } from "../usage-error.ts";

const names = Type.Array(Type.String());

/** What of a record tells of use (audit-and-operations 2.3); whatever else it holds is left alone. */
const usageRecord = Type.Object({
  kind: Type.String(),
  at: Type.String(),
  rules: Type.Optional(Type.Array(Type.Object({ id: Type.String() }))),
  lifted: Type.Optional(Type.Array(Type.Object({ rule: Type.String(), by: Type.String() }))),
  shadow: Type.Optional(Type.Object({ rules: Type.Optional(names) })),
  tools: Type.Optional(Type.Array(Type.Object({ decidedBy: Type.Optional(Type.String()) }))),
  truncated: Type.Optional(names),
});

type UsageRecord = Type.Static<typeof usageRecord>;

/** Fields that, where they were cut, may have named something that was used. */
const tellingFields: ReadonlySet<string> = new Set(["rules", "lifted", "shadow", "tools"]);

/** Collects from records which rules matched and which Grants were used, and when last. */
export class RecordReader {
  readonly #lastUses = new Map<string, number>();
  #fromMs = Number.POSITIVE_INFINITY;
  #untilMs = Number.NEGATIVE_INFINITY;
  #broken: UsageError | undefined;
  #isBegun = false;
  #cut = 0;

  /** Records whose lists were cut. */
  get cut(): number {
    return this.#cut;
  }

  /** `place` is what the line is called. Throws `UsageError` where it, or the one before, is no record. */
  read(line: string, place: string): void {
    if (this.#broken !== undefined) throw this.#broken;
    const notRecord = new UsageError(
      `${place} is not a record.`,
      "Give --usage records as JSON Lines, or metrics in the Prometheus text format.",
    );
    const value = parseJson(line);
    if (value === undefined) {
      // A server that is writing may not have come to the end of its last line.
      this.#broken = notRecord;
      return;
    }
    if (!Value.Check(usageRecord, value)) throw notRecord;
    const atMs = Date.parse(value.at);
    if (Number.isNaN(atMs)) throw notRecord;
    this.#isBegun = true;
    this.#note(value, atMs);
  }

  /** A line that was broken off at the end of a file is no mistake, where it is not all of the file. */
  endFile(): void {
    const broken = this.#broken;
    const isBegun = this.#isBegun;
    this.#broken = undefined;
    this.#isBegun = false;
    if (broken !== undefined && !isBegun) throw broken;
  }

  /** All records together; undefined where there were none. */
  usage(): PolicyUsage | undefined {
    if (this.#untilMs < this.#fromMs) return undefined;
    const [fromMs, untilMs] = [this.#fromMs, this.#untilMs];
    return { source: "records", fromMs, untilMs, lastUses: this.#lastUses };
  }

  #note(record: UsageRecord, atMs: number): void {
    this.#fromMs = Math.min(this.#fromMs, atMs);
    this.#untilMs = Math.max(this.#untilMs, atMs);
    if (record.truncated?.some((field) => tellingFields.has(field))) this.#cut += 1;
    for (const { id } of record.rules ?? []) this.#used(id, atMs);
    for (const { rule, by } of record.lifted ?? []) {
      this.#used(rule, atMs);
      this.#used(by, atMs);
    }
    for (const rule of record.shadow?.rules ?? []) this.#used(rule, atMs);
    for (const { decidedBy } of record.tools ?? []) {
      if (decidedBy !== undefined) this.#used(decidedBy, atMs);
    }
  }

  #used(name: string, atMs: number): void {
    const known = this.#lastUses.get(name);
    if (known === undefined || known < atMs) this.#lastUses.set(name, atMs);
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
