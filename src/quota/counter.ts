import { invariant } from "../base/index.ts";
import type { Charge, ChargeResult, Correction, StoreWindow } from "./store.ts";
import { slotsPerWindow } from "./window.ts";

/**
 * What is kept of one budget in one window. This is how every store counts; one that counts
 * elsewhere, such as in a script, does the same sums.
 */
export type Counter =
  | { readonly kind: "fixed"; used: number }
  /** Amounts by the number of their slot. */
  | { readonly kind: "sliding"; readonly slots: Map<number, number> }
  /** The theoretical arrival time, in microseconds since the epoch. */
  | { readonly kind: "gcra"; arrivalMicros: number };

/** A counter nothing was counted on. */
export function createCounter({ kind }: StoreWindow): Counter {
  if (kind === "fixed") return { kind, used: 0 };
  if (kind === "sliding") return { kind, slots: new Map() };
  return { kind, arrivalMicros: 0 };
}

/** How a charge would go now. Changes nothing that matters: slots that have left are dropped. */
export function tryCharge(counter: Counter, charge: Charge, nowMs: number): ChargeResult {
  const { amount, limit, window } = charge;
  if (window.kind === "fixed") {
    const isWithin = usedOf(counter) + amount <= limit;
    return result(isWithin, amount <= limit ? window.endMs - nowMs : undefined, 0);
  }
  if (window.kind === "sliding") return trySliding(slotsOf(counter), charge, window.slotMs, nowMs);
  return tryRate(arrivalOf(counter), charge, window, nowMs);
}

/** Counts a charge. */
export function chargeCounter(counter: Counter, charge: Charge, nowMs: number): void {
  const { amount, limit, window } = charge;
  switch (counter.kind) {
    case "fixed":
      counter.used += amount;
      return;
    case "sliding":
      return addToSlot(counter.slots, slotAt(window, nowMs), amount);
    case "gcra": {
      const step = stepMicros(amount, limit, window);
      counter.arrivalMicros = Math.max(counter.arrivalMicros, nowMs * 1000) + step;
    }
  }
}

/** Counts what a charge came to beside what was reserved for it. */
export function correctCounter(counter: Counter, correction: Correction, nowMs: number): void {
  const { amount, limit, slot, window } = correction;
  switch (counter.kind) {
    case "fixed":
      counter.used = Math.max(0, counter.used + amount);
      return;
    case "sliding": {
      // More counts from now on; less is taken from where it stands, if that has not left.
      if (amount > 0) addToSlot(counter.slots, slotAt(window, nowMs), amount);
      else if (counter.slots.has(slot)) addToSlot(counter.slots, slot, amount);
      return;
    }
    case "gcra": {
      const step = stepMicros(Math.abs(amount), limit, window);
      if (amount < 0) counter.arrivalMicros -= step;
      else counter.arrivalMicros = Math.max(counter.arrivalMicros, nowMs * 1000) + step;
    }
  }
}

/** True once a counter says the same as a new one would. */
export function isIdle(counter: Counter, window: StoreWindow, nowMs: number): boolean {
  if (window.kind === "fixed") return nowMs >= window.endMs;
  if (window.kind === "gcra") return arrivalOf(counter) <= nowMs * 1000;
  const oldest = slotAt(window, nowMs) - slotsPerWindow;
  return [...slotsOf(counter).keys()].every((slot) => slot < oldest);
}

type RateWindow = Extract<StoreWindow, { kind: "gcra" }>;

function trySliding(
  slots: Map<number, number>,
  { amount, limit }: Charge,
  slotMs: number,
  nowMs: number,
): ChargeResult {
  const now = Math.floor(nowMs / slotMs);
  let used = 0;
  for (const [slot, counted] of slots) {
    if (slot < now - slotsPerWindow) slots.delete(slot);
    else used += counted;
  }
  if (used + amount <= limit) return result(true, undefined, now);
  for (const slot of [...slots.keys()].sort((a, b) => a - b)) {
    used -= slots.get(slot) ?? 0;
    const leavesAtMs = (slot + slotsPerWindow + 1) * slotMs;
    if (used + amount <= limit) return result(false, leavesAtMs - nowMs, now);
  }
  return result(false, undefined, now);
}

function tryRate(
  arrivalMicros: number,
  { amount, limit }: Charge,
  window: RateWindow,
  nowMs: number,
): ChargeResult {
  const nowMicros = nowMs * 1000;
  const step = stepMicros(amount, limit, window);
  // Rounded against whoever asks, as the step is.
  const tolerance = Math.floor((window.burst * window.periodMicros) / limit);
  const over = Math.max(arrivalMicros, nowMicros) + step - nowMicros - tolerance;
  return result(over <= 0, step <= tolerance ? Math.ceil(over / 1000) : undefined, 0);
}

function result(isWithin: boolean, retryAfterMs: number | undefined, slot: number): ChargeResult {
  return { isWithin, retryAfterMs: isWithin ? undefined : retryAfterMs, slot };
}

/** How long the rate takes to make up for an amount. */
function stepMicros(amount: number, limit: number, window: StoreWindow): number {
  invariant(window.kind === "gcra", "a rate is counted on a counter of its kind");
  return Math.ceil((amount * window.periodMicros) / limit);
}

function slotAt(window: StoreWindow, nowMs: number): number {
  invariant(window.kind === "sliding", "slots are those of a sliding window");
  return Math.floor(nowMs / window.slotMs);
}

function addToSlot(slots: Map<number, number>, slot: number, amount: number): void {
  slots.set(slot, Math.max(0, (slots.get(slot) ?? 0) + amount));
}

function usedOf(counter: Counter): number {
  invariant(counter.kind === "fixed", "a key names counters of one kind");
  return counter.used;
}

function slotsOf(counter: Counter): Map<number, number> {
  invariant(counter.kind === "sliding", "a key names counters of one kind");
  return counter.slots;
}

function arrivalOf(counter: Counter): number {
  invariant(counter.kind === "gcra", "a key names counters of one kind");
  return counter.arrivalMicros;
}
