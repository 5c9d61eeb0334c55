import type { Principal } from "../domain/index.ts";
import { type HiddenParts, possibleScores } from "../policy/index.ts";
import type { Seal } from "./sealed-facts.ts";
import type { ToldParts } from "./told-parts.ts";

type Subjects = Parameters<HiddenParts["caller"]>[1];

/** What other policies may be told of hidden parts. */
export interface SupposedTerms {
  /** How the parts ended that the record tells of. */
  readonly told: ToldParts;
  /** Whether the record tells of this part, under these policies as under its own. */
  readonly isTold: (key: string) => boolean;
  readonly seal: Seal;
}

/** The first and the last bucket: one of them is on each side of any ramp between 0 and 100 percent. */
const bucketEnds = [0, 9999] as const;

/**
 * Supposes of each hidden part that no record tells of one of the ways it may have ended, and another
 * in each round, until every combination that can make a difference was tried.
 */
export class SupposedParts implements HiddenParts {
  readonly #terms: SupposedTerms;
  /** In the order in which this round asked for them. */
  #open: { readonly key: string; readonly count: number; choice: number }[] = [];
  #chosen = new Map<string, number>();
  #asked = 0;

  constructor(terms: SupposedTerms) {
    this.#terms = terms;
  }

  /** Begins the next round; false once all were tried. */
  next(): boolean {
    for (let last = this.#open.at(-1); last !== undefined; last = this.#open.at(-1)) {
      last.choice += 1;
      if (last.choice < last.count) break;
      this.#open.pop();
    }
    this.#asked = 0;
    this.#chosen = new Map();
    return this.#open.length > 0;
  }

  caller(key: string, matcher: Subjects, principal: Principal) {
    const { isTold, told } = this.#terms;
    if (isTold(key)) return told.caller(key, matcher, principal);
    return this.#oneOf(key, [undefined, ...possibleScores(matcher, principal)]);
  }

  condition(key: string, test: () => "T" | "F" | "E") {
    const { isTold, seal, told } = this.#terms;
    if (isTold(key)) return told.condition(key, test);
    seal.takeTouched();
    const truth = test();
    return seal.takeTouched() ? this.#oneOf(key, ["F", "T", "E"] as const) : truth;
  }

  target(key: string): boolean {
    const { isTold, told } = this.#terms;
    return isTold(key) ? told.target(key) : this.#oneOf(key, [false, true]);
  }

  bucket(rollout: string, compute: () => number): number {
    const { told } = this.#terms;
    const bucket = told.bucket(rollout, compute);
    if (!told.lacksBucket) return bucket;
    told.lacksBucket = false;
    return this.#oneOf(`bucket ${rollout}`, bucketEnds);
  }

  #oneOf<Option>(key: string, options: readonly Option[]): Option {
    let choice = this.#chosen.get(key);
    if (choice === undefined) {
      const at = this.#asked;
      this.#asked += 1;
      // What was asked before in this round is the same as in the round before, so this is too.
      this.#open[at] ??= { key, count: options.length, choice: 0 };
      choice = this.#open[at].choice;
      this.#chosen.set(key, choice);
    }
    return options[choice] as Option;
  }
}
