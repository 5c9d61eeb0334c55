import type { FindingGroup } from "../../domain/index.ts";
import { defaultMinConfidence } from "../compile/rule.ts";
import type { ExpressionFacts } from "./expression.ts";
import { failed, MapValue, type Value } from "./values.ts";

/**
 * What was found, as conditions see it. All but the status is an error while classification is not
 * complete (policy-model 3.1).
 */
export class FoundData {
  readonly #facts: ExpressionFacts;
  readonly #side: "request" | "response" | "all";

  /** `side`: the places that count; an answer never changes who permitted the request. */
  constructor(facts: ExpressionFacts, side: "request" | "response" | "all") {
    this.#facts = facts;
    this.#side = side;
  }

  get status(): string {
    return this.#facts.input.data.status;
  }

  /** Sorted. */
  classes(): Value {
    return this.status === "ok" ? this.#found() : failed;
  }

  sensitivity(): Value {
    if (this.status !== "ok") return failed;
    const { sensitivityOf } = this.#facts;
    return BigInt(Math.max(0, ...this.#found().map((found) => sensitivityOf(found))));
  }

  findings(): Value {
    return this.status === "ok" ? new Findings(this.#groups()) : failed;
  }

  residual(): Value | undefined {
    if (this.status !== "ok") return failed;
    const { residual } = this.#facts;
    return residual && classesOf(residual);
  }

  #found(): readonly string[] {
    return classesOf(this.#groups().filter(({ confidence }) => confidence >= defaultMinConfidence));
  }

  #groups(): readonly FindingGroup[] {
    const { findings } = this.#facts.input.data;
    if (this.#side === "all") return findings;
    const isAnswers = this.#side === "response";
    return findings.filter((group) => (group.in === "response") === isAnswers);
  }
}

function classesOf(groups: readonly FindingGroup[]): readonly string[] {
  return [...new Set(groups.map((group) => group.class))].sort();
}

/**
 * `data.findings`: a class has what was found of it and of the classes below it, as everywhere in
 * the language, so that nothing found is missed by naming its family.
 */
class Findings extends MapValue {
  readonly #groups: readonly FindingGroup[];

  constructor(groups: readonly FindingGroup[]) {
    super();
    this.#groups = groups;
  }

  get(key: string): Value | undefined {
    const below = `${key}.`;
    let count = 0;
    let confidence = 0;
    let isFound = false;
    for (const group of this.#groups) {
      if (group.class !== key && !group.class.startsWith(below)) continue;
      isFound = true;
      count += group.count;
      confidence = Math.max(confidence, group.confidence);
    }
    return isFound ? { count: BigInt(count), confidence } : undefined;
  }

  /** The classes found themselves. */
  keys(): readonly string[] {
    return classesOf(this.#groups);
  }
}
