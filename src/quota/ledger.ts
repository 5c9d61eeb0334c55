import { createHash } from "node:crypto";
import type { Demand, DemandResult } from "./demand.ts";
import { Reservation } from "./reservation.ts";
import {
  type Charge,
  type Eventually,
  type QuotaStore,
  type StoreCall,
  StoreUnavailable,
  type Taken,
} from "./store.ts";
import { storeWindowAt } from "./window.ts";

export interface LedgerOptions {
  readonly store: QuotaStore;
  /** Counts for quotas with `onUnavailable: local` while the store cannot be asked. */
  readonly local: QuotaStore;
  /** Part of a limit that this process may use on its own: above 0, at most 1. */
  readonly localShare: number;
}

/** Reserves what exchanges are expected to cost, so that no budget is promised twice. */
export class Ledger {
  readonly #options: LedgerOptions;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /** Reserves all demands of one exchange, or nothing. `demands` belong to one tenant. */
  reserve(demands: readonly Demand[], nowMs: number): Eventually<Reservation> {
    const [first] = demands;
    if (first === undefined) return Reservation.none;
    const call: StoreCall = { tenant: digest([first.tenant]), nowMs };
    const priced = demands.filter(({ amount }) => amount !== undefined);
    // What cannot be priced cannot be granted, and then nothing is to be counted.
    if (demands.some(({ amount, isSoft }) => amount === undefined && !isSoft)) {
      return new Reservation(demands.map(exceededUnlessPriced));
    }
    const charges = priced.map((demand) => toCharge(demand, nowMs));
    const { store } = this.#options;
    const held = (taken: Taken) => hold(demands, { store, call, charges, taken });
    const without = (error: unknown) => this.#withoutStore(demands, call, error);
    try {
      const taken = store.reserve(charges, call);
      return taken instanceof Promise ? taken.then(held, without) : held(taken);
    } catch (error) {
      return without(error);
    }
  }

  /** The share of this process, for the quotas that allow it. */
  #withoutStore(
    demands: readonly Demand[],
    call: StoreCall,
    error: unknown,
  ): Eventually<Reservation> {
    if (!(error instanceof StoreUnavailable)) throw error;
    const { local: store, localShare } = this.#options;
    const isLocal = (demand: Demand) =>
      demand.onUnavailable === "local" && demand.amount !== undefined;
    const shared = demands.filter(isLocal);
    const unavailable = demands.map(({ quota }) => toResult(quota, "unavailable"));
    if (shared.length === 0) return new Reservation(unavailable);
    const charges = shared.map((demand) => {
      const charge = toCharge(demand, call.nowMs);
      return withShare(charge, localShare);
    });
    const held = (taken: Taken) =>
      hold(shared, { store, call, charges, taken }, "unavailable").beside(unavailable);
    const taken = store.reserve(charges, call);
    return taken instanceof Promise ? taken.then(held) : held(taken);
  }
}

interface Counted {
  readonly store: QuotaStore;
  readonly call: StoreCall;
  readonly charges: readonly Charge[];
  readonly taken: Taken;
}

/** `within`: what a charge that fits is called. */
function hold(
  demands: readonly Demand[],
  { store, call, charges, taken }: Counted,
  within: "ok" | "unavailable" = "ok",
): Reservation {
  let next = 0;
  const entries = [];
  const results: DemandResult[] = [];
  for (const { amount, quota } of demands) {
    const charge = amount === undefined ? undefined : charges[next];
    const result = amount === undefined ? undefined : taken.results[next++];
    if (charge === undefined || result === undefined) {
      results.push(toResult(quota, "exceeded"));
      continue;
    }
    entries.push({ quota, charge, slot: result.slot });
    results.push(toResult(quota, result.isWithin ? within : "exceeded", result.retryAfterMs));
  }
  return new Reservation(
    results,
    taken.isTaken ? { store, tenant: call.tenant, entries } : undefined,
  );
}

function exceededUnlessPriced({ amount, quota }: Demand): DemandResult {
  return toResult(quota, amount === undefined ? "exceeded" : "ok");
}

function toResult(
  quota: string,
  result: DemandResult["result"],
  retryAfterMs?: number,
): DemandResult {
  const retryAfterSeconds =
    retryAfterMs === undefined ? undefined : Math.max(1, Math.ceil(retryAfterMs / 1000));
  return { quota, result, retryAfterSeconds };
}

function toCharge({ amount = 0, isSoft, key, limit, quota, ...at }: Demand, nowMs: number): Charge {
  const { period, window } = storeWindowAt(at.window, nowMs);
  // Values may name people, and a store's keys are seen by whoever runs it.
  return { key: `${digest([quota, ...key])}:${period}`, amount, limit, window, isSoft };
}

function withShare(charge: Charge, share: number): Charge {
  const { window } = charge;
  const limit = Math.floor(charge.limit * share);
  if (window.kind !== "gcra") return { ...charge, limit };
  return { ...charge, limit, window: { ...window, burst: Math.floor(window.burst * share) } };
}

/** 128 bits over an unambiguous form. */
function digest(values: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("base64url").slice(0, 22);
}
