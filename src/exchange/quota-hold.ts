import { Fault } from "../base/index.ts";
import type { Decision, DecisionInput, QuotaResult } from "../domain/index.ts";
import type { StreamEvent } from "../formats/index.ts";
import {
  type QuotaDemand,
  quotaDemandsOf,
  type Snapshot,
  type UsageCount,
} from "../policy/index.ts";
import { type Demand, type Reservation, toBudget, toCost } from "../quota/index.ts";
import type { Eventually, ExchangeDeps } from "./deps.ts";
import { type AnswerTold, estimateUsage, usageOf, usageSoFar } from "./quota-usage.ts";

/** A decision and what it was made from. */
export interface Decided {
  readonly input: DecisionInput;
  readonly decision: Decision;
}

/** What a hold is made for. */
export interface HoldOptions {
  readonly deps: Pick<ExchangeDeps, "clock" | "quotas">;
  readonly snapshot: Snapshot;
  /** Decides once more, on the results so far. */
  readonly decide: () => Decided;
  /** Budgets that something else counts already. */
  readonly isCountedElsewhere?: (demand: QuotaDemand) => boolean;
}

/** More candidates and quotas than any request has. */
const roundsMax = 300;

/** Of what was reserved: how much more is asked for at a time while an answer runs. */
const topUpPart = 0.1;

/**
 * The quotas of one exchange: reserved before the request is passed on, settled when its answer has
 * ended. A decision is made as if every quota passed; what turns out spent is told to the next one,
 * until a candidate is found whose quotas were all reserved, or none is left. So one that passes at
 * once costs one round trip to the store.
 */
export class QuotaHold {
  readonly #options: HoldOptions;
  #input: DecisionInput | undefined;
  readonly #results = new Map<string, QuotaResult>();
  /** Of those that stop a permit. */
  readonly #retryAfter = new Map<string, number | undefined>();
  #estimate: UsageCount = { inputTokens: 0, outputTokens: 0, toolCalls: 0 };
  #demands: readonly QuotaDemand[] = [];
  #refused: QuotaDemand["unit"] | undefined;
  #permit: Decision | undefined;
  #reservation: Reservation | undefined;
  readonly #topUps: Reservation[] = [];
  readonly #toppedUp = new Map<string, number>();
  #isAsking = false;
  #isOver = false;
  #isOverspent = false;
  #status = 0;
  #textLength = 0;

  constructor(options: HoldOptions) {
    this.#options = options;
  }

  /** By full name, with `@` and the model where each has its own; of all quotas that were asked. */
  get results(): Readonly<Record<string, QuotaResult>> {
    return Object.fromEntries([...this.#results].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** What the quota counts that did not pass; of several the first by name. */
  get refusedUnit(): QuotaDemand["unit"] | undefined {
    return this.#refused;
  }

  /** Until the last of the quotas that are spent has room; undefined where nobody can tell. */
  get retryAfterSeconds(): number | undefined {
    let longest: number | undefined;
    for (const [quota, result] of this.#results) {
      if (result !== "exceeded" || !this.#retryAfter.has(quota)) continue;
      const seconds = this.#retryAfter.get(quota);
      if (seconds === undefined) return undefined;
      longest = Math.max(longest ?? 0, seconds);
    }
    return longest;
  }

  /** The deny that ends a running answer, once it has used up a quota that cuts streams. */
  get overspent(): Decision | undefined {
    const permit = this.#permit;
    if (!this.#isOverspent || permit === undefined || permit.isObserved === true) return undefined;
    const { target: _, ...evidence } = permit;
    const { requested } = permit.model;
    return {
      ...evidence,
      outcome: "deny",
      verdict: "deny",
      reason: "quota_exceeded",
      decidedBy: null,
      model: { requested, used: null },
      obligations: {},
      warnings: [],
    };
  }

  /** The decision that holds once quotas are asked; a permit has all that it needs reserved. */
  admit({ decision, input }: Decided, round = 0): Eventually<Decision> {
    const { deps, isCountedElsewhere, snapshot } = this.#options;
    this.#input = input;
    this.#demands = quotaDemandsOf(snapshot, input, decision).filter(
      (demand) => isCountedElsewhere?.(demand) !== true,
    );
    if (this.#demands.length === 0) return decision;
    if (round >= roundsMax)
      throw new Fault("internal", "quotas and routing did not come to an end");
    this.#estimate = estimateUsage(input.request, decision);
    const wanted = this.#demands.map((demand) => this.#toDemand(demand, this.#estimate));
    const reserved = deps.quotas.reserve(wanted, this.#nowMs());
    const goOn = (reservation: Reservation) => this.#afterwards(decision, reservation, round);
    return reserved instanceof Promise ? reserved.then(goOn) : goOn(reserved);
  }

  /** Whether it was asked of this very budget. */
  counts({ key, quota }: Pick<QuotaDemand, "key" | "quota">): boolean {
    return this.#demands.some(
      (demand) => demand.quota === quota && demand.key.join("\0") === key.join("\0"),
    );
  }

  /** The answer has begun. */
  answered(status: number): void {
    this.#status = status;
  }

  /** More of a running answer has come. */
  ran({ pieces }: Pick<StreamEvent, "pieces">): void {
    for (const { text } of pieces) this.#textLength += text.length;
    if (!this.#isAsking && this.#demands.some(({ cutsStreams }) => cutsStreams)) this.#topUp();
  }

  /** Counts what the exchange came to. The first call holds; there is nothing to count after it. */
  settle(told: Omit<AnswerTold, "status" | "textLength"> & { readonly bytes: number }): void {
    const textLength = this.#textLength === 0 ? told.bytes : this.#textLength;
    const used = usageOf({ ...told, status: this.#status, textLength }, this.#estimate);
    const finalAmount = (quota: string) => {
      const demand = this.#demands.find((one) => one.quota === quota);
      return used && toCost(demand?.costOf(used));
    };
    // What came on top is part of the final amount, once that is known.
    const onTop = used === undefined ? () => undefined : () => 0;
    this.#end((reservation, isTopUp) =>
      reservation.settle(isTopUp ? onTop : finalAmount, this.#nowMs()),
    );
  }

  /** Gives everything back: the request was not passed on. */
  release(): void {
    this.#end((reservation) => reservation.release(this.#nowMs()));
  }

  #afterwards(decision: Decision, reservation: Reservation, round: number): Eventually<Decision> {
    if (this.#isOver) {
      // The exchange ended while the store was asked.
      reservation.release(this.#nowMs());
      return decision;
    }
    let isNew = false;
    for (const { quota, result, retryAfterSeconds } of reservation.results) {
      const key = this.#resultKeyOf(quota);
      isNew ||= result !== "ok" && this.#results.get(key) !== result;
      this.#results.set(key, result);
      const isSoft = this.#demands.some((demand) => demand.quota === quota && demand.isSoft);
      if (!isSoft) this.#retryAfter.set(key, retryAfterSeconds);
      if (!isSoft && result !== "ok") this.#refuse(quota);
    }
    if (!isNew && reservation.isHeld) return this.#keep(decision, reservation);
    const next = this.#options.decide();
    const isSame = isPermitLike(next.decision, decision);
    if (isSame && (reservation.isHeld || isNothingLeft(reservation))) {
      return this.#keep(next.decision, reservation);
    }
    reservation.release(this.#nowMs());
    return this.admit(next, round + 1);
  }

  #resultKeyOf(quota: string): string {
    return this.#demands.find((demand) => demand.quota === quota)?.resultKey ?? quota;
  }

  #refuse(quota: string): void {
    this.#refused ??= this.#demands.find((demand) => demand.quota === quota)?.unit;
  }

  #keep(decision: Decision, reservation: Reservation): Decision {
    this.#permit = decision;
    this.#reservation = reservation;
    return decision;
  }

  /** Asks for more where the running answer needs more than was reserved. */
  #topUp(): void {
    const used = usageSoFar(this.#textLength, this.#estimate);
    const wanted: Demand[] = [];
    for (const demand of this.#demands) {
      const amount = demand.cutsStreams ? this.#missing(demand, used) : 0;
      if (amount > 0) wanted.push({ ...this.#toDemand(demand, used), amount, isSoft: false });
    }
    if (wanted.length === 0) return;
    this.#isAsking = true;
    const asked = this.#options.deps.quotas.reserve(wanted, this.#nowMs());
    const goOn = (reservation: Reservation) => this.#afterTopUp(wanted, reservation);
    if (!(asked instanceof Promise)) return goOn(asked);
    // A ledger that fails otherwise than by saying so has no more to give.
    asked.then(goOn, () => {
      this.#isOverspent = true;
    });
  }

  #missing(demand: QuotaDemand, used: UsageCount): number {
    const reserved = toCost(demand.costOf(this.#estimate)) ?? 0;
    const held = reserved + (this.#toppedUp.get(demand.quota) ?? 0);
    const missing = (toCost(demand.costOf(used)) ?? 0) - held;
    return missing > 0 ? Math.max(missing, Math.ceil(held * topUpPart)) : 0;
  }

  #afterTopUp(wanted: readonly Demand[], reservation: Reservation): void {
    this.#isAsking = false;
    if (this.#isOver) return reservation.release(this.#nowMs());
    if (!reservation.isHeld) {
      for (const { quota, result, retryAfterSeconds } of reservation.results) {
        this.#results.set(this.#resultKeyOf(quota), result);
        this.#retryAfter.set(this.#resultKeyOf(quota), retryAfterSeconds);
        if (result !== "ok") this.#refuse(quota);
      }
      this.#isOverspent = true;
      return;
    }
    this.#topUps.push(reservation);
    for (const { amount = 0, quota } of wanted) {
      this.#toppedUp.set(quota, (this.#toppedUp.get(quota) ?? 0) + amount);
    }
  }

  #end(finish: (reservation: Reservation, isTopUp: boolean) => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#reservation !== undefined) finish(this.#reservation, false);
    for (const reservation of this.#topUps) finish(reservation, true);
  }

  #toDemand({ limit, window, ...demand }: QuotaDemand, usage: UsageCount): Demand {
    const { isSoft, key, onUnavailable, quota } = demand;
    const tenant = this.#input?.tenant ?? "";
    return {
      quota,
      tenant,
      key,
      amount: toCost(demand.costOf(usage)),
      limit: toBudget(limit),
      window: window.kind === "gcra" ? { ...window, burst: toBudget(window.burst) } : window,
      isSoft,
      onUnavailable,
    };
  }

  #nowMs(): number {
    return Math.floor(this.#options.deps.clock.nowMicros() / 1000);
  }
}

/** The same candidate under the same quotas, so that what was reserved for one serves the other. */
function isPermitLike(next: Decision, decision: Decision): boolean {
  const { quotas } = next.obligations;
  return (
    next.outcome === "permit" &&
    next.model.used === decision.model.used &&
    quotas?.join() === decision.obligations.quotas?.join()
  );
}

/** Nobody could be asked, and the policies let that pass. */
function isNothingLeft({ results }: Reservation): boolean {
  return results.every(({ result }) => result === "unavailable");
}
