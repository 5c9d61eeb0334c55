import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { chargeCounter, correctCounter, createCounter, isIdle, tryCharge } from "./counter.ts";
import type { Charge, ChargeResult, Counter, StoreWindow } from "./index.ts";

const startMs = Date.UTC(2026, 2, 2, 10);

function charge(window: StoreWindow, amount: number, limit = 100): Charge {
  return { key: "k", amount, limit, window, isSoft: false };
}

/** Counts what fits, as a store does. */
function take(counter: Counter, one: Charge, nowMs: number): ChargeResult {
  const result = tryCharge(counter, one, nowMs);
  if (result.isWithin) chargeCounter(counter, one, nowMs);
  return result;
}

describe("a fixed window", () => {
  const window: StoreWindow = { kind: "fixed", endMs: startMs + 60_000 };

  test("is used up to its limit, and says when it ends", () => {
    const counter = createCounter(window);
    assert.equal(take(counter, charge(window, 100), startMs).isWithin, true);
    const over = take(counter, charge(window, 1), startMs + 20_000);
    assert.deepEqual(over, { isWithin: false, retryAfterMs: 40_000, slot: 0 });
  });

  test("gives back what was not needed", () => {
    const counter = createCounter(window);
    take(counter, charge(window, 100), startMs);
    correctCounter(counter, { ...charge(window, -40), slot: 0 }, startMs);
    assert.equal(take(counter, charge(window, 40), startMs).isWithin, true);
    assert.equal(take(counter, charge(window, 1), startMs).isWithin, false);
  });

  test("says no time for what would never fit", () => {
    const over = tryCharge(createCounter(window), charge(window, 101), startMs);
    assert.equal(over.retryAfterMs, undefined);
  });
});

describe("a sliding window", () => {
  const window: StoreWindow = { kind: "sliding", slotMs: 1000 };

  test("frees an amount when the slot it was counted in has left, and says so before", () => {
    const counter = createCounter(window);
    take(counter, charge(window, 60), startMs);
    take(counter, charge(window, 40), startMs + 30_000);
    const over = take(counter, charge(window, 50), startMs + 31_000);
    assert.equal(over.isWithin, false);
    assert.equal(over.retryAfterMs, 30_000);
    assert.equal(take(counter, charge(window, 50), startMs + 60_999).isWithin, false);
    assert.equal(take(counter, charge(window, 50), startMs + 61_000).isWithin, true);
  });

  test("takes less from where it stood and counts more from now on", () => {
    const counter = createCounter(window);
    const { slot } = take(counter, charge(window, 50), startMs);
    correctCounter(counter, { ...charge(window, -50), slot }, startMs + 10_000);
    assert.equal(take(counter, charge(window, 100), startMs + 10_000).isWithin, true);
    correctCounter(counter, { ...charge(window, 100), slot }, startMs + 50_000);
    assert.equal(take(counter, charge(window, 1), startMs + 100_000).isWithin, false);
  });

  test("forgets nothing by giving back what has left already", () => {
    const counter = createCounter(window);
    const { slot } = take(counter, charge(window, 100), startMs);
    const later = startMs + 120_000;
    take(counter, charge(window, 100), later);
    correctCounter(counter, { ...charge(window, -100), slot }, later);
    assert.equal(take(counter, charge(window, 1), later).isWithin, false);
  });
});

describe("a rate", () => {
  const window: StoreWindow = { kind: "gcra", periodMicros: 60_000_000, burst: 10 };

  test("lets a burst pass at once, then one for each step of time", () => {
    const counter = createCounter(window);
    for (let count = 0; count < 10; count++) {
      assert.equal(take(counter, charge(window, 1), startMs).isWithin, true);
    }
    const over = take(counter, charge(window, 1), startMs);
    assert.deepEqual(over, { isWithin: false, retryAfterMs: 600, slot: 0 });
    assert.equal(take(counter, charge(window, 1), startMs + 599).isWithin, false);
    assert.equal(take(counter, charge(window, 1), startMs + 600).isWithin, true);
    assert.equal(take(counter, charge(window, 1), startMs + 600).isWithin, false);
  });

  test("gives back exactly what was taken", () => {
    const counter = createCounter(window);
    take(counter, charge(window, 7), startMs);
    correctCounter(counter, { ...charge(window, -7), slot: 0 }, startMs);
    assert.equal(take(counter, charge(window, 10), startMs).isWithin, true);
  });

  test("has no room for more than its burst, ever", () => {
    const over = tryCharge(createCounter(window), charge(window, 11), startMs);
    assert.deepEqual(over, { isWithin: false, retryAfterMs: undefined, slot: 0 });
  });
});

test("a counter is idle once it says what a new one would", () => {
  const windows: readonly (readonly [StoreWindow, number])[] = [
    [{ kind: "fixed", endMs: startMs + 1000 }, 1000],
    [{ kind: "sliding", slotMs: 1000 }, 61_000],
    [{ kind: "gcra", periodMicros: 60_000_000, burst: 100 }, 30_000],
  ];
  for (const [window, afterMs] of windows) {
    const counter = createCounter(window);
    chargeCounter(counter, charge(window, 50), startMs);
    assert.equal(isIdle(counter, window, startMs + afterMs - 1), false, window.kind);
    assert.equal(isIdle(counter, window, startMs + afterMs), true, window.kind);
  }
});
