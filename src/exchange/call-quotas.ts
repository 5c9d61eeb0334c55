import type { Decision, DecisionInput } from "../domain/index.ts";
import { type QuotaDemand, quotaDemandsOf, type Snapshot } from "../policy/index.ts";
import type { ExchangeEnd } from "../record/index.ts";
import type { Eventually } from "./deps.ts";
import { andThen } from "./eventually.ts";
import { type HoldOptions, QuotaHold } from "./quota-hold.ts";

/** A call as far as quotas have to do with it. */
export interface CountedCall {
  /** Something of it was passed on, so that it may be carried out. */
  readonly hasLeft: boolean;
}

/** A call that is to be decided on. */
export interface AskedCall {
  readonly snapshot: Snapshot;
  readonly call: CountedCall;
  /** Without results of quotas. */
  readonly input: DecisionInput;
  readonly decide: (input: DecisionInput) => Decision;
}

/** A decision on a call, with the results of the quotas that were asked for it alone. */
export interface AdmittedCall {
  readonly decision: Decision;
  readonly results: DecisionInput["quotas"];
}

/**
 * The quotas that calls of tools draw on one by one (policy-model 8): reserved before a call leaves,
 * given back where it does not. A budget that the request draws on as well counts its calls when it
 * is settled, so it is not asked again.
 */
export class CallQuotas {
  readonly #deps: HoldOptions["deps"];
  readonly #ofRequest: QuotaHold | undefined;
  #calls: { readonly call: CountedCall; readonly hold: QuotaHold }[] = [];
  #refused: QuotaHold | undefined;

  constructor(deps: HoldOptions["deps"], ofRequest: QuotaHold | undefined) {
    this.#deps = deps;
    this.#ofRequest = ofRequest;
  }

  /** The quotas of the call that was refused for them; undefined where none was. */
  get refused(): Pick<QuotaHold, "refusedUnit" | "retryAfterSeconds"> | undefined {
    return this.#refused;
  }

  /** The decision that holds for a call once the quotas it draws on are asked. */
  admit({ snapshot, call, decide, input }: AskedCall): Eventually<AdmittedCall> {
    const first = decide(input);
    if (first.obligations.quotas === undefined) return { decision: first, results: undefined };
    const isCounted = (demand: QuotaDemand) => this.#ofRequest?.counts(demand) === true;
    const own = quotaDemandsOf(snapshot, input, first).filter((demand) => !isCounted(demand));
    const others = this.#resultsBeside(own);
    const decideNow = (results: DecisionInput["quotas"]) => {
      const asked = { ...input, quotas: { ...others, ...results } };
      return { input: asked, decision: decide(asked) };
    };
    if (own.length === 0) return { decision: decideNow(undefined).decision, results: undefined };
    const hold: QuotaHold = new QuotaHold({
      deps: this.#deps,
      snapshot,
      decide: () => decideNow(hold.results),
      isCountedElsewhere: isCounted,
    });
    this.#calls.push({ call, hold });
    return andThen(hold.admit(decideNow(undefined)), (decision) => {
      if (decision.outcome === "deny") this.#refused = hold;
      return { decision, results: hold.results };
    });
  }

  /**
   * Keeps what calls came to that went on to the reader of an answer which ended so, and gives the rest
   * back. The first call holds.
   */
  settle(end: ExchangeEnd): void {
    const calls = this.#calls;
    this.#calls = [];
    if (end === "complete") return;
    for (const { call, hold } of calls) {
      if (end === "refused" || !call.hasLeft) hold.release();
    }
  }

  /** What the request's quotas were found to be; a result stands for one budget of its quota. */
  #resultsBeside(own: readonly QuotaDemand[]): DecisionInput["quotas"] {
    const results = this.#ofRequest?.results ?? {};
    const isOwn = (name: string) => own.some(({ resultKey }) => resultKey === name);
    return Object.fromEntries(Object.entries(results).filter(([name]) => !isOwn(name)));
  }
}
