import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { localDays } from "./calendar.ts";
import { type QuotaWindow, storeWindowAt } from "./window.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const at = (text: string) => Date.parse(text);
const iso = (ms: number) => new Date(ms).toISOString();

/** The end of the fixed window at a moment. */
function endOf(window: QuotaWindow, text: string): string {
  const found = storeWindowAt(window, at(text)).window;
  assert.equal(found.kind, "fixed");
  return iso(found.kind === "fixed" ? found.endMs : 0);
}

describe("a day", () => {
  const berlin: QuotaWindow = { kind: "fixed", durationMs: dayMs, timeZone: "Europe/Berlin" };

  test("runs from midnight to midnight of its zone", () => {
    assert.equal(endOf(berlin, "2026-03-02T10:00:00Z"), "2026-03-02T23:00:00.000Z");
    assert.equal(endOf(berlin, "2026-03-02T22:59:59.999Z"), "2026-03-02T23:00:00.000Z");
    assert.equal(endOf(berlin, "2026-03-02T23:00:00Z"), "2026-03-03T23:00:00.000Z");
  });

  test("has 23 hours where clocks go forward and 25 where they go back", () => {
    const spring = localDays(at("2026-03-29T12:00:00Z"), "Europe/Berlin", 1);
    assert.equal(spring.endMs - spring.startMs, 23 * hourMs);
    const autumn = localDays(at("2026-10-25T12:00:00Z"), "Europe/Berlin", 1);
    assert.equal(autumn.endMs - autumn.startMs, 25 * hourMs);
    assert.equal(iso(autumn.startMs), "2026-10-24T22:00:00.000Z");
  });

  test("begins where its midnight does not exist with its first moment", () => {
    // In Beirut clocks went from 0:00 to 1:00 that night.
    const day = localDays(at("2026-03-29T12:00:00Z"), "Asia/Beirut", 1);
    assert.equal(iso(day.startMs), "2026-03-28T22:00:00.000Z");
    assert.equal(day.endMs - day.startMs, 23 * hourMs);
  });

  test("has a key of its own", () => {
    const keys = ["2026-03-02T10:00:00Z", "2026-03-02T22:59:59Z", "2026-03-02T23:00:00Z"].map(
      (text) => storeWindowAt(berlin, at(text)).period,
    );
    assert.equal(keys[0], keys[1]);
    assert.notEqual(keys[1], keys[2]);
  });
});

test("seven days begin on Mondays", () => {
  const week = localDays(at("2026-03-05T12:00:00Z"), "UTC", 7);
  assert.equal(iso(week.startMs), "2026-03-02T00:00:00.000Z");
  assert.equal(iso(week.endMs), "2026-03-09T00:00:00.000Z");
});

test("windows of hours restart at midnight, and the last one is as long as the day leaves it", () => {
  const window: QuotaWindow = {
    kind: "fixed",
    durationMs: 6 * hourMs,
    timeZone: "Europe/Berlin",
  };
  assert.equal(endOf(window, "2026-03-02T10:00:00Z"), "2026-03-02T11:00:00.000Z");
  assert.equal(endOf(window, "2026-03-29T21:30:00Z"), "2026-03-29T22:00:00.000Z");
  assert.equal(endOf(window, "2026-10-25T22:30:00Z"), "2026-10-25T23:00:00.000Z");
});

test("every moment lies in exactly one window, and windows leave no gap", () => {
  for (const zone of ["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Beirut"]) {
    let next = at("2026-03-01T00:00:00Z");
    const until = at("2026-04-15T00:00:00Z");
    next = localDays(next, zone, 1).startMs;
    while (next < until) {
      const day = localDays(next, zone, 1);
      assert.equal(day.startMs, next, `${zone} ${iso(next)}`);
      assert.deepEqual(localDays(day.endMs - 1, zone, 1), day);
      next = day.endMs;
    }
  }
});
