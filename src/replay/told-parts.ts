import type { Principal } from "../domain/index.ts";
import { type HiddenParts, scoreSaid } from "../policy/index.ts";
import type { JudgedRecord, RecordedTool } from "./judged-record.ts";
import type { Seal } from "./sealed-facts.ts";

type Subjects = Parameters<HiddenParts["caller"]>[1];
type Results = NonNullable<JudgedRecord["results"]>;

/** What records say of hidden parts. */
export interface ToldResults {
  readonly results: JudgedRecord["results"];
  readonly buckets: JudgedRecord["buckets"];
  readonly seal: Seal;
}

/** The results of the record that one decision is on, and the buckets of its exchange. */
export function toldOf(
  { results }: JudgedRecord | RecordedTool,
  { buckets }: JudgedRecord,
  seal: Seal,
): ToldResults {
  return { results, buckets, seal };
}

/** Knows how hidden parts ended from a record: what it does not say was F (audit-and-operations 2.4). */
export class ToldParts implements HiddenParts {
  readonly #results: Results;
  readonly #buckets: Readonly<Record<string, number>>;
  readonly #seal: Seal;
  /** Keys of all parts that a decision hung on. */
  readonly asked = new Set<string>();
  /** A caller's version of a policy hung on a bucket that is not on record. */
  lacksBucket = false;

  constructor({ buckets = {}, results = {}, seal }: ToldResults) {
    this.#results = results;
    this.#buckets = buckets;
    this.#seal = seal;
  }

  caller(key: string, matcher: Subjects, principal: Principal) {
    if (this.#told(key) !== "T") return undefined;
    return scoreSaid(matcher, principal, (suffix) => this.#told(key + suffix) === "T");
  }

  condition(key: string, test: () => "T" | "F" | "E") {
    this.#seal.takeTouched();
    const truth = test();
    return this.#seal.takeTouched() ? this.#told(key) : truth;
  }

  target(key: string): boolean {
    return this.#told(key) === "T";
  }

  bucket(rollout: string, compute: () => number): number {
    if (Object.hasOwn(this.#buckets, rollout)) return this.#buckets[rollout] ?? 0;
    try {
      return compute();
    } catch (error) {
      if (!this.#seal.takeTouched()) throw error;
      this.lacksBucket = true;
      return 0;
    }
  }

  #told(key: string): "T" | "F" | "E" {
    this.asked.add(key);
    return Object.hasOwn(this.#results, key) ? (this.#results[key] ?? "F") : "F";
  }
}
